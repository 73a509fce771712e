import type { Json } from '../core/json.ts'

export type SlowRead = { readonly value: Json } | { readonly doubled: string; readonly at: number }

/**
 * Reads text that is known to be valid JSON, key by key, and stops at a key that comes twice. Several times slower than
 * the native parser, and the only one believed where a key is written with escapes.
 */
export function readSlowly(text: string): SlowRead {
  const reader: Reader = { text, at: 0, doubled: undefined }
  const value = readValue(reader)
  return reader.doubled ?? { value }
}

/** The place of the quote that ends the string, or -1. Backslash runs between quotes are disjoint: linear. */
export function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (at - slashes > from && text.charCodeAt(at - slashes - 1) === backslash) slashes++
    if (slashes % 2 === 0) return at
  }
  return -1
}

type Reader = { readonly text: string; at: number; doubled: { doubled: string; at: number } | undefined }

const backslash = 92
const blank = /[\t\n\r ]*/uy
const scalar = /[^\t\n\r ,\]}]+/uy

function readValue(reader: Reader): Json {
  switch (peek(reader)) {
    case '{':
      return readObject(reader)
    case '[':
      return readArray(reader)
    case '"':
      return readString(reader)
    default:
      return readScalar(reader)
  }
}

function readObject(reader: Reader): Json {
  const members: Record<string, Json> = {}
  reader.at++
  while (peek(reader) !== '}') {
    const at = reader.at
    const key = readString(reader)
    if (Object.hasOwn(members, key)) reader.doubled ??= { doubled: key, at }
    peek(reader)
    reader.at++
    // Not `members[key] =`: under the name __proto__ that would change the prototype and add nothing.
    Object.defineProperty(members, key, {
      value: readValue(reader),
      writable: true,
      enumerable: true,
      configurable: true,
    })
    if (peek(reader) === ',') reader.at++
    peek(reader)
  }
  reader.at++
  return members
}

function readArray(reader: Reader): Json {
  const items: Json[] = []
  reader.at++
  while (peek(reader) !== ']') {
    items.push(readValue(reader))
    if (peek(reader) === ',') reader.at++
  }
  reader.at++
  return items
}

function readString(reader: Reader): string {
  const from = reader.at
  reader.at = endOfString(reader.text, from + 1) + 1
  return JSON.parse(reader.text.slice(from, reader.at)) as string
}

function readScalar(reader: Reader): Json {
  scalar.lastIndex = reader.at
  const [text = ''] = scalar.exec(reader.text) ?? []
  reader.at += text.length
  return JSON.parse(text) as Json
}

/** Skips blanks and returns the character that follows. */
function peek(reader: Reader): string {
  blank.lastIndex = reader.at
  reader.at += blank.exec(reader.text)?.[0].length ?? 0
  return reader.text.charAt(reader.at)
}
