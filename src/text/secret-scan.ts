import { type KeywordScan, keywordTable, storedKeywordScan } from './keyword.ts'
import { isPlaceholder } from './placeholder.ts'
import { isLogin, loginFinders } from './secret-login.ts'
import { namedSecretAt, nameWords } from './secret-named.ts'
import { type Secret, shapeFinder, shapeWords } from './secret-shape.ts'

/** Every credential of a text in reading order, none inside another; examples, references and masks are none. */
export function secretsIn(text: string): Secret[] {
  const shaped: Secret[] = []
  const framed: Secret[] = []
  const [byShape, byFrame] = [shapeFinder(text, { isEager: false, found: shaped }), frameFinder(text, framed)]
  const first = shapeWords().length
  scan ??= storedKeywordScan(secretsTable)
  scan(text, (word, at) => (word < first ? byShape(word, at) : byFrame(word - first, at)))
  return shaped.length + framed.length === 0 ? [] : outermost([...shaped, ...framed])
}

let scan: KeywordScan | undefined

/** The words by which credentials are found. */
export const secretsTable = keywordTable('secrets', () => [...shapeWords(), ...words])

/** What is told by what stands around it: a key block, a login in a URL, a header, a name before a value. */
function frameFinder(text: string, found: Secret[]): (word: number, from: number) => void {
  let [done, last] = [0, -1]
  return (word, from) => {
    const name = words[word] ?? ''
    const finder = finders[name]
    // `pass` and `passw` begin at one place, and what follows is the same.
    const isSame = from === last && name.startsWith('passw')
    if (from < done || (finder === undefined && isSame)) return
    last = from
    const secret = finder === undefined ? namedSecretAt(text, from, name) : finder(text, from)
    if (secret === undefined) return
    found.push(secret)
    done = secret.to
  }
}

type Finder = (text: string, from: number) => Secret | undefined

const finders: Readonly<Record<string, Finder>> = {
  '-----begin': privateKeyAt,
  'putty-user-key-file-': puttyKeyAt,
  '://': urlLoginAt,
  'bearer ': (text, from) => headerAt(text, from, bearer),
  'basic ': (text, from) => headerAt(text, from, basic),
  eyj: webTokenAt,
  ...loginFinders,
}
const words = [...Object.keys(finders), ...nameWords]

// Body lines as they stand in files, and in JSON strings inside strings. A block without an end is taken to the bound.
const block =
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[A-Za-z0-9+/=:,.\s]|-(?!-)|\\{1,4}[nr]){40,16384}/uy
const puttyBlock = /PuTTY-User-Key-File-[23]:[^\0]{40,8192}/uy

function privateKeyAt(text: string, from: number): Secret | undefined {
  block.lastIndex = from
  const whole = block.exec(text)?.[0]
  if (whole === undefined || isPlaceholder(/^-----[^-]*-----([^-]{0,160})/u.exec(whole)?.[1] ?? '')) return undefined
  const end = text.indexOf('-----END', from)
  const close = end < 0 || end > from + whole.length ? -1 : text.indexOf('-----', end + 8)
  const to = close < 0 ? from + whole.length : close + 5
  return { from, to, kind: 'private-key', confidence: 'certain' }
}

function puttyKeyAt(text: string, from: number): Secret | undefined {
  puttyBlock.lastIndex = from
  const whole = puttyBlock.exec(text)?.[0]
  return whole === undefined ? undefined : { from, to: from + whole.length, kind: 'private-key', confidence: 'certain' }
}

const login = /:\/\/([^\s/?#@:"'<>]{0,128}):([^\s/?#"'<>]{1,256})@[A-Za-z0-9[]/uy

function urlLoginAt(text: string, at: number): Secret | undefined {
  login.lastIndex = at
  const [, user = '', password = ''] = login.exec(text) ?? []
  if (password.length < 3 || password === user || isPlaceholder(password) || password.startsWith(':')) return undefined
  const from = at + 4 + user.length
  const confidence = password.length >= 8 && /[0-9]/u.test(password) ? 'certain' : 'likely'
  return { from, to: from + password.length, kind: 'url-login', confidence }
}

const bearer = /bearer ([A-Za-z0-9._~+/-]{16,2048}={0,2})/iuy
const basic = /basic ([A-Za-z0-9+/]{12,512}={0,2})/iuy

function headerAt(text: string, at: number, pattern: RegExp): Secret | undefined {
  pattern.lastIndex = at
  const [whole = '', value = ''] = pattern.exec(text) ?? []
  const isKey = value.length > 0 && /[0-9]/u.test(value) && !isPlaceholder(value)
  if (!isKey || (pattern === basic && !isLogin(value))) return undefined
  const to = at + whole.length
  return { from: to - value.length, to, kind: 'authorization', confidence: 'certain', isLong: value.length >= 24 }
}

const webToken = /eyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{20,1000}/uy

/** Only what opens as a header of a signed token: other base64 begins the same way. */
function webTokenAt(text: string, from: number): Secret | undefined {
  if (from > 0 && /[A-Za-z0-9_-]/u.test(text.charAt(from - 1))) return undefined
  webToken.lastIndex = from
  const value = webToken.exec(text)?.[0]
  if (value === undefined) return undefined
  const head = Buffer.from(value.slice(0, value.indexOf('.')), 'base64url').toString('latin1')
  if (!head.includes('"alg"') && !head.includes('"enc"')) return undefined
  return { from, to: from + value.length, kind: 'jwt', confidence: 'certain', isLong: true }
}

function outermost(all: readonly Secret[]): Secret[] {
  const sorted = all.toSorted((a, b) => a.from - b.from || b.to - a.to)
  const out: Secret[] = []
  for (const secret of sorted) {
    const last = out.at(-1)
    if (last === undefined || secret.from >= last.to) out.push(secret)
    // What overlaps goes with it: half a credential left over is still a credential.
    else if (secret.to > last.to) out[out.length - 1] = { ...last, to: secret.to }
  }
  return out
}
