import type { JsonPointer } from '../core/json.ts'
import type { Leaf, Leaves } from './leaves.ts'
import { rewriterOf, type Span, type View } from './view.ts'

/** All strings of a message on one sheet, as a model sees them beside each other, with the way back to each. */
export type Sheet = {
  readonly text: string
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
const kindKeys = /\/(?:type|mimeType|format|\$schema)$/u

/** Strings below each other, keys before their values; what the protocol itself writes is left out. */
export function sheetOf({ leaves }: Leaves): Sheet {
  const strips: Strip[] = []
  const parts: string[] = []
  let length = 0
  for (const leaf of leaves) {
    if (leaf.isKey ? protocolKeys.has(leaf.text) : leaf.text.length < 32 && kindKeys.test(leaf.at)) continue
    strips.push({ leaf, from: length })
    const part = leaf.isKey ? `${leaf.text}: ` : `${leaf.text}\n`
    parts.push(part)
    length += part.length
  }
  const text = parts.length === 1 ? (strips[0]?.leaf.text ?? '') : parts.join('')
  return { text, placesOf: span => placesOf(strips, span) }
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
export function joinedFields(root: View, { leaves }: Leaves, sheet: Sheet): View | undefined {
  if (leaves.length < 2) return undefined
  const out = rewriterOf(root)
  let at = 0
  let seams = 0
  for (const line of sheetLines(leaves)) {
    if (!line.isKey && line.isShown) {
      const last = sheet.text.charCodeAt(at - 2) | 0x20
      const first = line.text.charCodeAt(0) | 0x20
      if (last >= 97 && last <= 122 && first >= 97 && first <= 122) seams++
      out.copy(at, at + line.text.length)
    }
    at += line.units
  }
  return seams === 0 ? undefined : out.done('joined')
}

function* sheetLines(leaves: readonly Leaf[]) {
  for (const leaf of leaves) {
    const isShown = leaf.isKey ? !protocolKeys.has(leaf.text) : !(leaf.text.length < 32 && kindKeys.test(leaf.at))
    yield { text: leaf.text, isKey: leaf.isKey, isShown, units: isShown ? leaf.text.length + (leaf.isKey ? 2 : 1) : 0 }
  }
}
