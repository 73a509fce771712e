import type { Message } from '../core/message.ts'
import { lastFew } from './last-few.ts'
import { type Leaves, leavesOf } from './leaves.ts'
import { readMessage, textKinds } from './reading.ts'
import { type Sheet, sheetOf } from './sheet.ts'
import { originOf, type Span, type View } from './view.ts'
import { readingOf } from './views.ts'

/** A message as it came and as it can be decoded, for patterns that need no words of a language. */
export type PlainViews = { readonly sheet: Sheet; readonly views: readonly View[]; readonly left: number }

/** Longer requests are read to here; what a client sends is bounded elsewhere too. */
const unitsMax = 4_194_304

const seen = lastFew<Leaves, PlainViews>()

/** The views of a message: those that other guards read anyway, and for requests no more than decoding. */
export function plainViewsOf(message: Message): PlainViews {
  const leaves = leavesOf(message)
  const known = seen.get(leaves)
  if (known !== undefined) return known
  const views = textKinds.some(kind => kind === message.body.kind) ? ofAnswer(message) : ofRequest(message)
  seen.set(leaves, views, leaves.units)
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

/**
 * Where spans of views stand in the original, each place once; what overlaps an earlier one is left to it. At most
 * `placesMax`, and no view is read once there are so many.
 */
export function placedOnce<T extends { readonly from: number; readonly to: number }>(
  { views }: PlainViews,
  find: (text: string) => readonly T[],
): { readonly found: T; readonly view: View; readonly origin: Span }[] {
  const placed: { found: T; view: View; origin: Span }[] = []
  // In the order of the original and never overlapping, so that one look-up tells whether a place is taken.
  const taken: Span[] = []
  for (const view of views) {
    if (placed.length >= placesMax) break
    for (const found of find(view.text)) {
      const origin = originOf(view, [found.from, found.to])
      if (!take(taken, origin)) continue
      placed.push({ found, view, origin })
      if (placed.length >= placesMax) break
    }
  }
  return placed
}

const placesMax = 2000

function take(taken: Span[], place: Span): boolean {
  let [low, high] = [0, taken.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((taken[middle]?.[1] ?? 0) <= place[0]) low = middle + 1
    else high = middle
  }
  if ((taken[low]?.[0] ?? Number.POSITIVE_INFINITY) < place[1]) return false
  taken.splice(low, 0, place)
  return true
}
