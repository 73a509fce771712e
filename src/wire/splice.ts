import type { Json } from '../core/json.ts'

/** Another value for one member of nested objects; the rest of the message keeps its spelling. */
export type Splice = { readonly path: readonly string[]; readonly put: Json }

/**
 * Replaces values in the bytes of a JSON text that was read strictly. Numbers beyond 2^53, `1.0` and escapes survive,
 * which they would not if the message were written anew. Undefined where a path leads nowhere.
 */
export function splice(bytes: Uint8Array, splices: readonly Splice[]): Uint8Array | undefined {
  const cuts: { span: Span; put: Json }[] = []
  for (const { path, put } of splices) {
    const span = spanOf(bytes, path)
    if (span === undefined) return undefined
    cuts.push({ span, put })
  }
  cuts.sort((a, b) => a.span[0] - b.span[0])
  const parts: Uint8Array[] = []
  let done = 0
  for (const { span, put } of cuts) {
    parts.push(bytes.subarray(done, span[0]), Buffer.from(JSON.stringify(put)))
    done = span[1]
  }
  return Buffer.concat([...parts, bytes.subarray(done)])
}

type Span = readonly [from: number, to: number]

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const comma = 0x2c
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d] as const

function spanOf(bytes: Uint8Array, path: readonly string[]): Span | undefined {
  let at = afterBlanks(bytes, 0)
  for (const key of path) {
    const found = memberValue(bytes, at, key)
    if (found === undefined) return undefined
    at = found
  }
  return [at, afterValue(bytes, at)]
}

/** Where the value of a member starts. */
function memberValue(bytes: Uint8Array, object: number, key: string): number | undefined {
  if (bytes[object] !== openBrace) return undefined
  let at = afterBlanks(bytes, object + 1)
  while (bytes[at] === quote) {
    const end = afterString(bytes, at)
    const value = afterBlanks(bytes, afterBlanks(bytes, end) + 1)
    if (isKey(bytes.subarray(at, end), key)) return value
    at = afterBlanks(bytes, afterValue(bytes, value))
    if (bytes[at] !== comma) return undefined
    at = afterBlanks(bytes, at + 1)
  }
  return undefined
}

/** Keys may be written with escapes: `"\u0069d"` is `id`. */
function isKey(written: Uint8Array, key: string): boolean {
  const text = Buffer.from(written.buffer, written.byteOffset, written.byteLength).toString()
  return text.includes('\\') ? JSON.parse(text) === key : text.length === key.length + 2 && text.slice(1, -1) === key
}

function afterBlanks(bytes: Uint8Array, from: number): number {
  let at = from
  while ((bytes[at] ?? quote) <= 0x20) at++
  return at
}

function afterString(bytes: Uint8Array, from: number): number {
  let at = from + 1
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
  return at + 1
}

function afterValue(bytes: Uint8Array, from: number): number {
  const first = bytes[from]
  if (first === quote) return afterString(bytes, from)
  return first === openBrace || first === openBracket ? afterNested(bytes, from) : afterWord(bytes, from)
}

function afterNested(bytes: Uint8Array, from: number): number {
  let depth = 0
  let at = from
  while (at < bytes.length) {
    const byte = bytes[at]
    if (byte === quote) {
      at = afterString(bytes, at)
      continue
    }
    if (byte === openBrace || byte === openBracket) depth++
    else if (byte === closeBrace || byte === closeBracket) depth--
    at++
    if (depth === 0) return at
  }
  return at
}

/** Numbers, true, false and null end where something of the syntax begins. */
function afterWord(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length) {
    const byte = bytes[at] ?? comma
    if (byte <= 0x20 || byte === comma || byte === colon || byte === closeBrace || byte === closeBracket) return at
    at++
  }
  return at
}
