import type { Message } from '../core/message.ts'
import { leavesOf } from './leaves.ts'
import { readMessage, textKinds } from './reading.ts'
import { type Sheet, sheetOf } from './sheet.ts'
import { originOf, type Span, type View } from './view.ts'
import { readingOf } from './views.ts'

/** A message as it came and as it can be decoded, for patterns that need no words of a language. */
export type PlainViews = { readonly sheet: Sheet; readonly views: readonly View[]; readonly left: number }

/** Longer requests are read to here; what a client sends is bounded elsewhere too. */
const unitsMax = 4_194_304

const seen = new WeakMap<object, PlainViews>()

/** The views of a message: those that other guards read anyway, and for requests no more than decoding. */
export function plainViewsOf(message: Message): PlainViews {
  const leaves = leavesOf(message)
  const known = seen.get(leaves)
  if (known !== undefined) return known
  const views = textKinds.some(kind => kind === message.body.kind) ? ofAnswer(message) : ofRequest(message)
  seen.set(leaves, views)
  return views
}

function ofAnswer(message: Message): PlainViews {
  const { sheet, raw, plain, scanned, left } = readMessage(message)
  const views = scanned.map(({ view }) => view).filter(({ channel }) => channel !== 'letters' && channel !== 'reversed')
  return { sheet, views: [...new Set([raw, plain, ...views])], left }
}

function ofRequest(message: Message): PlainViews {
  const leaves = leavesOf(message)
  const sheet = sheetOf(leaves)
  const isCut = sheet.text.length > unitsMax
  const { raw, plain, others, left } = readingOf(isCut ? sheet.text.slice(0, unitsMax) : sheet.text)
  return { sheet, views: [...new Set([raw, plain, ...others])], left: left + leaves.left + Number(isCut) }
}

/** Where spans of views stand in the original, each place once; what overlaps an earlier one is left to it. */
export function placedOnce<T extends { readonly from: number; readonly to: number }>(
  { views }: PlainViews,
  find: (text: string) => readonly T[],
): { readonly found: T; readonly view: View; readonly origin: Span }[] {
  const placed: { found: T; view: View; origin: Span }[] = []
  for (const view of views)
    for (const found of find(view.text)) {
      const origin = originOf(view, [found.from, found.to])
      const isKnown = placed.some(({ origin: [from, to] }) => origin[0] < to && from < origin[1])
      if (!isKnown && placed.length < placesMax) placed.push({ found, view, origin })
    }
  return placed
}

export const placesMax = 2000
