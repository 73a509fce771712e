import { isCardNumber } from '../text/pii-number.ts'
import { isSecretHeader, isSecretKey } from '../text/secret-name.ts'
import { shapedSecrets } from '../text/secret-shape.ts'
import { spokenSecrets } from './spoken-secrets.ts'

/** A stretch of text that is, or may be, a credential. Offsets are UTF-16 units. */
export type SecretSpan = {
  readonly from: number
  readonly to: number
  readonly kind: string
  /** Its last characters may be shown: it is long and random, so they tell keys apart and give nothing away. */
  readonly isLong?: boolean
}

/** Every credential that can be told by its shape, unsorted; spans may overlap. */
export function secretSpans(text: string): SecretSpan[] {
  const look = lookFor(text)
  if (look === 'nothing') return []
  const spans = look === 'random' ? [...randomRuns(text)] : everyShape(text)
  return spans.filter(({ from, to }) => !isPlaceholder(text.slice(from, to)))
}

// Every shape below holds a run of 13 token characters, a separator, a flag, or a word that announces a credential;
// random values may also hold slashes. Short plain text and paths, which is most of what is recorded, need no pattern.
function lookFor(text: string): 'nothing' | 'random' | 'everything' {
  let run = 0
  let slashed = 0
  let isLong = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (separators.has(code)) return 'everything'
    const isSlashed = code === 47 || code === 43
    run = isTokenCode(code) ? run + 1 : 0
    slashed = run > 0 || isSlashed ? slashed + 1 : 0
    if (run >= 13) return 'everything'
    if (slashed >= randomChars) isLong = true
  }
  if (announced.test(text)) return 'everything'
  return isLong ? 'random' : 'nothing'
}

// Tab % : < = @ |
const separators = new Set([9, 37, 58, 60, 61, 64, 124])
const announced =
  /bearer|basic|digest|negotiate|token|apikey|pass|kennwort|secret|key|pin|identified|(?:^|\s)-|[0-9][ -][0-9]/iu

/** Letters, digits, `_`, `-` and `.`. */
function isTokenCode(code: number): boolean {
  if (code >= 97) return code <= 122
  if (code >= 65) return code <= 90 || code === 95
  return (code >= 48 && code <= 57) || code === 45 || code === 46
}

function everyShape(text: string): SecretSpan[] {
  return [
    ...shapedSecrets(text, true).map(readable),
    ...widerShapes(text),
    ...spokenSecrets(text),
    ...privateKeys(text),
    ...urlCredentials(text),
    ...assignments(text),
    ...cards(text),
    ...randomRuns(text),
  ]
}

function readable({ from, to, kind }: SecretSpan): SecretSpan {
  return { from, to, kind: kind.replaceAll('-', ' '), isLong: true }
}

// Wider than what a guard may call certain. Of a web token even the first part is hidden: it opens nothing, but tells
// whom it was made for.
const wider: ReadonlyArray<readonly [kind: string, pattern: RegExp]> = [
  ['jwt', /eyJ[A-Za-z0-9_-]{16,4096}(?:\.[A-Za-z0-9_-]{0,4096}){0,4}/gu],
  ['telegram token', /[0-9]{8,10}:[A-Za-z0-9_-]{35}/gu],
  ['service token', /(?:dp\.pt\.|phc_|pypi-|key-|secret_)[A-Za-z0-9_-]{20,}/gu],
]

function* widerShapes(text: string): Generator<SecretSpan> {
  for (const [kind, pattern] of wider)
    for (const match of text.matchAll(pattern))
      yield { from: match.index, to: match.index + match[0].length, kind, isLong: true }
}

const pemBegin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----|PuTTY-User-Key-File-/gu

function* privateKeys(text: string): Generator<SecretSpan> {
  let done = 0
  for (const match of text.matchAll(pemBegin)) {
    if (match.index < done) continue
    const end = text.indexOf('-----END', match.index)
    // Without an end the rest is key: better to lose the text behind it than to keep half of the key.
    const close = end < 0 ? -1 : text.indexOf('-----', end + 8)
    done = close < 0 ? text.length : close + 5
    yield { from: match.index, to: done, kind: 'private key' }
  }
}

// What may stand between `//` and `@`: user and password; with a slash in a password that was not percent-encoded (but a
// port before a path is no password); a token alone; and the same inside a URL that is itself percent-encoded.
const urlLogins = [
  /:\/\/([^\s/?#@:"'<>]{0,256}:[^\s/?#"'<>]{1,512})@/gu,
  /:\/\/([^\s/?#@:"'<>]{0,256}:(?![0-9]{1,5}[/?#])[^\s@"'<>]{1,512})@/gu,
  /:\/\/([^\s/?#@:"'<>]{12,512})@/gu,
]
const encodedLogin = /%3a%2f%2f([^\s"'<>&]{1,512}?)%40/giu

function* urlCredentials(text: string): Generator<SecretSpan> {
  if (text.includes('://')) for (const pattern of urlLogins) yield* loginsBefore(text, pattern, 1)
  if (text.includes('%')) yield* loginsBefore(text, encodedLogin, 3)
}

function* loginsBefore(text: string, pattern: RegExp, endChars: number): Generator<SecretSpan> {
  for (const match of text.matchAll(pattern)) {
    const to = match.index + match[0].length - endChars
    yield { from: to - (match[1] ?? '').length, to, kind: 'url login' }
  }
}

// `\"` is a quote inside JSON that is itself a string; %3D and %3A are separators in a URL.
const separator = /:=|=>|[:=|\t]|%3[ad]/giu
const opening = /(?:\s|%20|\+){0,4}(\\{0,7}["'`])?/uy
const unquoted = /(?:[^\s"'`&;<>\\]|[&;](?![A-Za-z0-9_. -]{1,64}=)|\\(?!["'nrt]))+/uy
const block = /[|>][+-]?[ \t]{0,8}\r?\n(?:[ \t][^\r\n]*(?:\r?\n|$))+/uy
const line = /[^\r\n"'`]+/uy

function* assignments(text: string): Generator<SecretSpan> {
  separator.lastIndex = 0
  for (let match = separator.exec(text); match !== null; match = separator.exec(text)) {
    if (!isSecretKey(nameBefore(text, match.index))) continue
    opening.lastIndex = separator.lastIndex
    const [open = '', quote] = opening.exec(text) ?? []
    const from = separator.lastIndex + open.length
    const to = valueEnd(text, from, { quote, isLine: isSecretHeader(nameBefore(text, match.index)) })
    // Reading goes on behind the value: what stands in it is hidden anyway, and reading it again would be quadratic.
    separator.lastIndex = Math.max(to, separator.lastIndex)
    if (to > from) yield { from, to, kind: 'named secret' }
  }
}

/** The name that ends before a separator, out of its quotes, brackets and blanks. */
function nameBefore(text: string, at: number): string {
  let end = at
  while (end > at - 4 && isBlank(text.charCodeAt(end - 1))) end--
  if (text[end - 1] === ']') end--
  for (const quote of quotes) if (text.endsWith(quote, end)) end -= quote.length
  while (end > at - 16 && text[end - 1] === '\\') end--
  let start = end
  while (start > 0 && start > end - nameChars && isTokenCode(text.charCodeAt(start - 1))) start--
  return text.slice(start, end)
}

const quotes = ['"', "'", '`', '%22', '%27', '&quot;', '&#34;']
const nameChars = 64

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}

type ValueStyle = { quote: string | undefined; isLine: boolean }

function valueEnd(text: string, from: number, { quote, isLine }: ValueStyle): number {
  if (quote !== undefined) {
    const close = closingQuote(text, from, quote)
    return close < 0 ? text.length : close
  }
  // YAML writes long values as an indented block below.
  block.lastIndex = from
  const indented = block.exec(text)?.[0].length
  if (indented !== undefined) return from + indented
  const pattern = isLine ? line : unquoted
  pattern.lastIndex = from
  return from + (pattern.exec(text)?.[0].length ?? 0)
}

/** Where the same quote stands again, not escaped more deeply than the one that opened. */
function closingQuote(text: string, from: number, quote: string): number {
  const mark = quote.at(-1) ?? '"'
  const depth = quote.length - 1
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1)) {
    let slashes = 0
    while (at - slashes > from && text[at - slashes - 1] === '\\') slashes++
    if (slashes <= depth || slashes % 2 === 0) return at - Math.min(slashes, depth)
  }
  return -1
}

/** What redaction itself put there; the same text twice through it stays the same. */
function isPlaceholder(value: string): boolean {
  return /^\[redacted:(?: [a-z0-9 ]{1,30}, [0-9]{1,9} chars(?:, …[A-Za-z0-9]{4})?\])?$/u.test(value)
}

const cardLike = /(?<![0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])/gu

function* cards(text: string): Generator<SecretSpan> {
  for (const match of text.matchAll(cardLike)) {
    const digits = match[0].replaceAll(/[ -]/gu, '')
    if (isCardNumber(digits))
      yield { from: match.index, to: match.index + match[0].length, kind: 'card number', isLong: true }
  }
}

const randomChars = 32
const contextChars = 48
const context = /key|secret|token|passw|passphrase|auth|credential|bearer|sign|cookie|session/iu

function* randomRuns(text: string): Generator<SecretSpan> {
  for (const { from, to } of longRuns(text)) {
    const before = text.slice(Math.max(0, from - contextChars), from)
    for (const part of randomParts(text.slice(from, to), context.test(before)))
      yield { from: from + part.from, to: from + part.to, kind: 'random value', isLong: true }
  }
}

function* longRuns(text: string): Generator<{ from: number; to: number }> {
  let from = 0
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 0
    if ((isTokenCode(code) && code !== 46) || code === 47 || code === 43 || code === 61) continue
    if (i - from >= randomChars) yield { from, to: i }
    from = i + 1
  }
}

/** Which parts of a run look drawn at random. Paths are runs too, so a slash separates unless the whole is random. */
function randomParts(run: string, isNamed: boolean): Array<{ from: number; to: number }> {
  const whole = { from: 0, to: run.length }
  if (isNamed && /[0-9]/u.test(run) && bitsPerChar(run) >= 3) return [whole]
  const hasAllKinds = /[a-z]/u.test(run) && /[A-Z]/u.test(run) && /[0-9]/u.test(run)
  if (hasAllKinds && bitsPerChar(run) >= 4.6) return [whole]
  const parts: Array<{ from: number; to: number }> = []
  for (const part of run.matchAll(/[A-Za-z0-9+_=-]{32,}/gu))
    if (isRandom(part[0])) parts.push({ from: part.index, to: part.index + part[0].length })
  return parts
}

function isRandom(part: string): boolean {
  const digits = part.replaceAll(/[^0-9]/gu, '').length
  if (digits < 2 || bitsPerChar(part) < 4.15) return false
  return (/[a-z]/u.test(part) && /[A-Z]/u.test(part)) || (digits >= 4 && !/[_-]/u.test(part))
}

/** Shannon entropy of the characters' frequencies; hex digests stay under 4. */
function bitsPerChar(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}
