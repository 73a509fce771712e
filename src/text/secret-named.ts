import { bitsPerChar, isPlaceholder, isRandomLike } from './placeholder.ts'
import { secretMakers } from './secret-makers.ts'
import { isSecretKey } from './secret-name.ts'
import type { Secret } from './secret-shape.ts'

/** One of these stands in every name that announces a credential. */
export const nameWords: readonly string[] = [
  ...['passw', 'pwd', 'passphrase', 'passcode', 'kennwort', 'secret', 'token', 'credential', 'mnemonic', 'seed_phrase'],
  ...['apikey', 'api_key', 'api-key', 'api key', 'accesskey', 'access_key', 'access-key', 'authkey', 'auth_key'],
  ...['accountkey', 'account_key', 'privatekey', 'private_key', 'private-key', 'signingkey', 'signing_key'],
  ...['encryptionkey', 'encryption_key', 'masterkey', 'master_key', 'signature_key', 'auth-key', 'cookie', 'pass'],
  ...[
    'admin_key',
    'adminkey',
    'admin-key',
    'app_key',
    'appkey',
    'app-key',
    'write_key',
    'writekey',
    'sas-key',
    'saskey',
  ],
  ...['license_key', 'licensekey', 'sharedkey', 'shared_key', 'sessionkey', 'session_key', 'client_key'],
]

const nameChars = 48
const nameStart = /[A-Za-z0-9_.-]{0,48}$/u
// The rest of the name, what closes it, a separator, what opens the value, the value.
const rest =
  /([A-Za-z0-9_ .-]{1,48}?)(\\{0,3}["'`])?\]?[ \t]{0,4}(:=|=>|={1,3}|:|%3[dD]| is |(?<=["'`]),)[ \t]{0,4}(\\{0,3}["'`])?(?:(?<=["'`])([^"'`\r\n\\]{1,512})(?=\\{0,3}["'`])|([^\s"'`,;<>(){}[\]\\&=]{1,256}={0,2}))/uy
const scheme = /^(?:bearer|basic|token|digest) /iu

/** The credential that the name around this place announces, if one follows it. */
export function namedSecretAt(text: string, at: number, word: string): Secret | undefined {
  rest.lastIndex = at
  const match = rest.exec(text)
  if (match === null) return undefined
  const [whole, tail = '', , separator, , quoted, bare] = match
  const before = nameStart.exec(text.slice(Math.max(0, at - nameChars), at))?.[0] ?? ''
  const name = before + tail.trim()
  const isSpoken = word === 'api key' || (tail.includes(' ') && !/^[A-Za-z0-9_.-]+\s*$/u.test(tail))
  if (isSpoken ? tail.length > 24 : !isSecretKey(name)) return undefined
  const raw = quoted ?? bare ?? ''
  const end = rest.lastIndex
  const value = raw.replace(scheme, '')
  const judged = judge(name, value, quoted !== undefined)
  if (judged === undefined || (quoted === undefined && isCode(text.charCodeAt(end))) || whole.length === 0)
    return undefined
  // `define('AUTH_KEY', '…')`, `set("x-api-key", "…")`; in a list of words the next one is no password of the last.
  if (separator === ',' && (quoted === undefined || judged.confidence !== 'certain')) return undefined
  return { from: end - value.length, to: end, ...judged }
}

/** A bare word that goes on as a call, an index or a template is code. */
function isCode(next: number): boolean {
  return next === 40 || next === 91 || next === 123 || next === 60
}

type Judged = Pick<Secret, 'kind' | 'confidence' | 'isLong'>

function judge(name: string, value: string, isQuoted: boolean): Judged | undefined {
  // An assignment in a value is read at its own name; judging it here too would cost the square of a chain of them.
  if (value.length < 6 || /^[A-Za-z_]{1,40}[:=]/u.test(value) || isPlaceholder(value)) return undefined
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/gu, '')
  for (const { kind, names, shape } of makers)
    if (names.some(maker => plain.includes(maker)) && shape.test(value) && isRandomLike(value))
      return { kind, confidence: 'certain', isLong: value.length >= 24 }
  if (/pass|pwd|kennwort|pin$/u.test(plain)) return isPassword(value, isQuoted) ? password : undefined
  if (/mnemonic|seedphrase/u.test(plain)) return value.split(' ').length >= 12 ? phrase : undefined
  if (isQuoted && isDrawn(value)) return { kind: 'named-key', confidence: 'certain', isLong: true }
  if (!/^[A-Za-z0-9+/=_.~:!@#$%^*|-]{8,512}$/u.test(value) || isPath(value)) return undefined
  if (value.length >= 16 && isRandomLike(value) && bitsPerChar(value) >= 3.2)
    return { kind: 'named-key', confidence: value.length >= 20 ? 'certain' : 'likely', isLong: value.length >= 24 }
  return isPassword(value, isQuoted) && isRandomLike(value) ? { kind: 'named-key', confidence: 'likely' } : undefined
}

const makers = secretMakers.map(({ kind, names, value }) => ({ kind, names: names.split(' '), shape: value }))
const password: Judged = { kind: 'password', confidence: 'likely' }
const phrase: Judged = { kind: 'seed-phrase', confidence: 'certain' }

/** Long, and of all the signs that a generator of keys for a framework takes. */
function isDrawn(value: string): boolean {
  return /^[!-~]{40,128}$/u.test(value) && !isPath(value) && /[0-9]/u.test(value) && bitsPerChar(value) >= 4.5
}

function isPath(value: string): boolean {
  return (
    /^(?:\.{0,2}\/|~\/|[A-Za-z]:[\\/]|https?:)/u.test(value) ||
    /\.(?:txt|json|ya?ml|pem|key|env|ts|js|py)$/u.test(value)
  )
}

/** Mixed as a password is: code, words and prose are not. */
function isPassword(value: string, isQuoted: boolean): boolean {
  if (value.length > 64 || /\s/u.test(value) || isPath(value)) return false
  if (/^[A-Za-z_]\w*(?:(?:\.|::|->)\w+)+$/u.test(value) || /[(){}[\]<>]/u.test(value)) return false
  const kinds = [/[a-z]/u, /[A-Z]/u, /[0-9]/u, /[^A-Za-z0-9_.-]/u].filter(kind => kind.test(value)).length
  const isWords = /^(?:[A-Za-z]+[-_.]?)+$/u.test(value) || /^v?[0-9.]+$/u.test(value)
  return kinds >= 2 && !isWords && (isQuoted || /[0-9]/u.test(value) || kinds >= 3)
}
