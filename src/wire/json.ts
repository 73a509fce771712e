import { isUtf8 } from 'node:buffer'
import { isObject, type Json } from '../core/json.ts'
import { endOfString, readSlowly } from './json-reader.ts'

export type JsonLimits = { readonly bytesMax: number; readonly depthMax: number }

export type JsonFault = {
  readonly ok: false
  readonly code: 'bad-utf8' | 'not-json' | 'ambiguous' | 'too-long' | 'too-deep'
  readonly detail: string
}

/** `isOneLine` is false when raw line breaks stand between the tokens. */
export type Parsed = { readonly ok: true; readonly value: Json; readonly isOneLine: boolean } | JsonFault

/**
 * Parses what every JSON parser reads alike and refuses the rest: whoever receives the same bytes must not see another
 * message than the one that was judged. The native parser does the work; one structural scan counts the members
 * written down, and fewer keys in the value mean that a key came twice. Where a key holds an escape the native parser
 * is not believed: V8 13.6 takes it for another key that an earlier message had at this place.
 */
export function parseStrict(bytes: Uint8Array, { bytesMax, depthMax }: JsonLimits): Parsed {
  if (bytes.length > bytesMax) return fault('too-long', `${bytes.length} bytes, the limit is ${bytesMax}`)
  if (!isUtf8(bytes)) return fault('bad-utf8', 'the bytes are not UTF-8')
  const text = asBuffer(bytes).utf8Slice(0, bytes.length)
  if (text.charCodeAt(0) === byteOrderMark) return fault('ambiguous', 'it starts with a byte order mark')
  const written = survey(text, depthMax)
  if (written.depth > depthMax) return fault('too-deep', `nested deeper than ${depthMax} levels`)
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    return fault('not-json', brokenAt(text))
  }
  if (written.hasEscapedKey || countMembers(value) !== written.members) {
    const read = readSlowly(text)
    if ('doubled' in read)
      return fault('ambiguous', `key ${shown(read.doubled)} stands twice, again at character ${read.at}`)
    value = read.value
  }
  if (text.includes('\\u') && surrogateEscape.test(text) && !isWellFormed(value))
    return fault('ambiguous', 'a string holds half of a surrogate pair')
  return { ok: true, value, isOneLine: written.isOneLine }
}

/** Whether every parser holds this number exactly: larger integers and fractions come back changed from some. */
export function isExactInteger(value: unknown): value is number {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
}

const byteOrderMark = 0xfeff
const surrogateEscape = /\\u[dD][89a-fA-F]/u
const [quote, colon, comma, lineFeed, carriageReturn] = [34, 58, 44, 10, 13]
const lastBeforeComma = comma - 1
const [openBrace, closeBrace, openBracket, closeBracket] = [123, 125, 91, 93]

function fault(code: JsonFault['code'], detail: string): JsonFault {
  return { ok: false, code, detail }
}

type Sliced = Buffer & { utf8Slice(from: number, to: number): string }

// utf8Slice skips the encoding dispatch of toString, which shows on messages of 200 bytes.
function asBuffer(bytes: Uint8Array): Sliced {
  return (Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)) as Sliced
}

type Survey = { members: number; depth: number; isOneLine: boolean; hasEscapedKey: boolean }

// Runs before the parser, so that a megabyte of opening brackets costs no memory. Colons outside strings are members;
// commas, digits, signs and points need no look and are most of what stands outside strings.
function survey(text: string, depthMax: number): Survey {
  const seen = { members: 0, depth: 0, isOneLine: true, hasEscapedKey: false }
  let depth = 0
  let start = 0
  let slash = text.indexOf('\\')
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c > lastBeforeComma && c < colon) continue
    if (c === quote) {
      start = i
      i = endOfString(text, i + 1)
      if (i < 0) return seen
    } else if (c === colon) {
      seen.members++
      if (slash >= 0 && slash < start) slash = text.indexOf('\\', start)
      if (slash >= 0 && slash < i) seen.hasEscapedKey = true
    } else if (c === openBrace || c === openBracket) {
      if (++depth > seen.depth) seen.depth = depth
      if (depth > depthMax) return seen
    } else if (c === closeBrace || c === closeBracket) depth--
    else if (c === lineFeed || c === carriageReturn) seen.isOneLine = false
  }
  return seen
}

function countMembers(value: Json): number {
  if (value === null || typeof value !== 'object') return 0
  let members = 0
  if (Array.isArray(value)) {
    for (const item of value) if (item !== null && typeof item === 'object') members += countMembers(item)
    return members
  }
  // for…in beats Object.keys by half here. A polluted prototype would only make the counts differ: refused.
  const items = value as { readonly [key: string]: Json }
  for (const key in items) {
    members++
    const item = items[key]
    if (item !== null && typeof item === 'object') members += countMembers(item)
  }
  return members
}

function isWellFormed(value: Json): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (Array.isArray(value)) return value.every(isWellFormed)
  if (!isObject(value)) return true
  return Object.entries(value).every(([key, item]) => key.isWellFormed() && isWellFormed(item as Json))
}

/** Says why the text is no JSON without repeating any of it: it may hold a secret. */
function brokenAt(text: string): string {
  return text.trim() === '' ? 'it is empty' : `it is not valid JSON (${text.length} characters)`
}

// The names of keys may be repeated to people, their contents may be a secret: only what looks like a name is shown.
function shown(key: string): string {
  return /^[\w./-]{1,40}$/u.test(key) ? `"${key}"` : `of ${key.length} characters`
}
