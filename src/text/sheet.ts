import type { JsonPointer } from '../core/json.ts'
import type { Leaf, Leaves } from './leaves.ts'
import { rewriterOf, type Span, type View } from './view.ts'

/** All strings of a message on one sheet, as a model sees them beside each other, with the way back to each. */
export type Sheet = {
  readonly text: string
  /** The strings that are on it, and where each begins. */
  readonly strips: readonly Strip[]
  /** Where a span of the sheet stands in the message; more than one place when it crosses fields. */
  placesOf(span: Span): readonly Place[]
}

export type Place = { readonly at: JsonPointer; readonly span: Span; readonly isKey: boolean }

type Strip = { readonly leaf: Leaf; readonly from: number }

// Members of the protocol itself, and values that name a kind: they stand in every message and say nothing.
const protocolKeys = new Set(
  'content text type result structuredContent isError mimeType contents uri blob data annotations description name title inputSchema outputSchema properties required items jsonrpc id method params arguments nextCursor additionalProperties enum default $schema role messages resource'.split(
    ' ',
  ),
)
const kindKeys = ['/type', '/mimeType', '/format', '/$schema']

/** Strings below each other, keys before their values; what the protocol itself writes is left out. */
export function sheetOf({ leaves }: Leaves): Sheet {
  const strips: Strip[] = []
  const parts: string[] = []
  let length = 0
  for (const leaf of leaves) {
    if (leaf.isKey ? protocolKeys.has(leaf.text) : leaf.text.length < 32 && isKind(leaf.at)) continue
    strips.push({ leaf, from: length })
    const part = leaf.isKey ? `${leaf.text}: ` : `${leaf.text}\n`
    parts.push(part)
    length += part.length
  }
  const text = parts.length === 1 ? (strips[0]?.leaf.text ?? '') : parts.join('')
  return { text, strips, placesOf: span => placesOf(strips, span) }
}

function isKind(at: JsonPointer): boolean {
  return kindKeys.some(key => at.endsWith(key))
}

function placesOf(strips: readonly Strip[], [from, to]: Span): Place[] {
  const places: Place[] = []
  for (let i = stripAt(strips, from); i < strips.length; i++) {
    const strip = strips[i]
    if (strip === undefined || strip.from >= to) break
    const start = Math.max(0, from - strip.from)
    const end = Math.min(strip.leaf.text.length, to - strip.from)
    if (end > start) places.push({ at: strip.leaf.at, span: [start, end], isKey: strip.leaf.isKey })
  }
  return places
}

function stripAt(strips: readonly Strip[], offset: number): number {
  let low = 0
  let high = strips.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((strips[middle]?.from ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return Math.max(0, low)
}

/** The values run together without anything between them: finds words that were split over fields. */
export function joinedFields(root: View, sheet: Sheet): View | undefined {
  if (sheet.strips.length < 2) return undefined
  const values = sheet.strips.filter(({ leaf }) => !leaf.isKey)
  if (!values.some(({ leaf, from }) => isSeam(sheet.text.charCodeAt(from - 2), leaf.text.charCodeAt(0))))
    return undefined
  const out = rewriterOf(root)
  for (const { leaf, from } of values) out.copy(from, from + leaf.text.length)
  return out.done('joined')
}

function isSeam(last: number, first: number): boolean {
  return isAsciiLetter(last | 0x20) && isAsciiLetter(first | 0x20)
}

function isAsciiLetter(lower: number): boolean {
  return lower >= 97 && lower <= 122
}
