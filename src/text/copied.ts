import { isGap } from './alphabet.ts'
import { unitsOf } from './units.ts'
import type { Span, View } from './view.ts'

/** A stretch that a view holds as it stands in the text that the view was made of. */
export type Copy = { readonly from: number; readonly at: number; readonly units: number }

/**
 * What of a text stands unchanged and in the same order in a view of it; undefined where so much was rewritten that less
 * than `unitsLeast` lie between two places on average.
 */
export function copiesOf(view: View, unitsLeast: number): readonly Copy[] | undefined {
  let pieces = 0
  for (let here = view; here.pieces !== undefined && here.parent !== undefined; here = here.parent)
    pieces += here.pieces.at.length
  if (pieces * unitsLeast > view.text.length) return undefined
  let copies: Copy[] | undefined = view.text === '' ? [] : [{ from: 0, at: 0, units: view.text.length }]
  for (let here = view; here.pieces !== undefined && here.parent !== undefined; here = here.parent)
    copies &&= through(copies, here.pieces)
  return copies
}

function through(copies: readonly Copy[], { at, from, to, step }: NonNullable<View['pieces']>): Copy[] | undefined {
  const out: Copy[] = []
  let done = 0
  let piece = 0
  for (const copy of copies) {
    const last = copy.from + copy.units
    while (piece + 1 < at.length && (at[piece + 1] ?? 0) <= copy.from) piece++
    for (let i = piece; i < at.length && (at[i] ?? 0) < last; i++) {
      if (step[i] !== 1) continue
      const [start = 0, source = 0, end = 0] = [at[i], from[i], to[i]]
      const first = Math.max(copy.from, start)
      const units = Math.min(last, start + end - source) - first
      if (units <= 0) continue
      const place = source + first - start
      if (place < done) return undefined
      out.push({ from: place, at: copy.at + first - copy.from, units })
      done = place + units
    }
  }
  return out
}

/** What was found in a text: three numbers each, what, from, to, in the order of their ends. */
export type Found = readonly number[]

export type Carried = {
  /** Where in the text a literal may begin that touches what was rewritten. */
  readonly starts: readonly Span[]
  /** What was found in the view and what was found at these starts, as if the whole text had been read. */
  join(inView: Found, atStarts: Found): Found
}

/**
 * For literals of at most `reach` units, any run of gaps counting as one, that are told by themselves and by the unit on
 * each side: where all this was copied they are found in the view, and only the others are looked for in the text.
 */
export function carriedOver(text: string, view: View, reach: number): Carried | undefined {
  const copies = copiesOf(view, reach)
  if (copies === undefined) return undefined
  const known: Known = { copies, text, view: view.text }
  return {
    starts: startsAround(known, reach),
    join: (inView, atStarts) => joined(carry(known, inView), withoutCopied(known, atStarts)),
  }
}

type Known = { readonly copies: readonly Copy[]; readonly text: string; readonly view: string }

function startsAround({ copies, text, view }: Known, reach: number): Span[] {
  const units = unitsOf(text)
  const starts: Span[] = []
  let open = 0
  for (const copy of copies) {
    const end = copy.from + copy.units
    const from = isStart(copy) ? 0 : copy.from + lookedBack
    const to = isEnd(copy, text, view) ? end : startBefore(units, [from, end], reach)
    if (to <= from) continue
    if (from > open) starts.push([open, from])
    open = to
  }
  if (open < text.length) starts.push([open, text.length])
  return starts
}

// The unit before, where that is a gap the one before it, and one more for a literal that begins after a gap.
const lookedBack = 3

/** Where the text and its view both begin, or both end, nothing beside the copy can differ. */
function isStart({ from, at }: Copy): boolean {
  return from === 0 && at === 0
}

function isEnd({ from, at, units }: Copy, text: string, view: string): boolean {
  return from + units === text.length && at + units === view.length
}

/** From here on a literal may reach the end of a span. */
function startBefore(units: Uint16Array, [from, to]: Span, reach: number): number {
  let at = to
  for (let symbols = 0; at > from && symbols <= reach; symbols++) {
    at--
    if (isGap(units[at] ?? 0)) while (at > from && isGap(units[at - 1] ?? 0)) at--
  }
  return at
}

function carry({ copies, text, view }: Known, found: Found): number[] {
  const carried: number[] = []
  const copyOf = copyFinder({ copies, text, view }, 'at')
  for (let i = 0; i < found.length; i += 3) {
    const [what = 0, from = 0, to = 0] = [found[i], found[i + 1], found[i + 2]]
    const copy = copyOf(from, to)
    if (copy !== undefined) carried.push(what, from - copy.at + copy.from, to - copy.at + copy.from)
  }
  return carried
}

function withoutCopied(known: Known, found: Found): number[] {
  const others: number[] = []
  const copyOf = copyFinder(known, 'from')
  for (let i = 0; i < found.length; i += 3) {
    const [what = 0, from = 0, to = 0] = [found[i], found[i + 1], found[i + 2]]
    if (copyOf(from, to) === undefined) others.push(what, from, to)
  }
  return others
}

/** Asked in the order of ends: the copy that holds a place with all that it was told by. */
function copyFinder({ copies, text, view }: Known, side: 'from' | 'at') {
  const units = unitsOf(side === 'from' ? text : view)
  let i = 0
  return (from: number, to: number): Copy | undefined => {
    for (let copy = copies[i]; copy !== undefined && copy[side] + copy.units < to; copy = copies[i]) i++
    const copy = copies[i]
    if (copy === undefined) return undefined
    const isBegun = isStart(copy) || firstToldBy(units, from) >= copy[side]
    const isEnded = to < copy[side] + copy.units || isEnd(copy, text, view)
    return isBegun && isEnded ? copy : undefined
  }
}

/** Whether a gap belongs to what was found or stands before it: places that begin at one letter are told by the same. */
function firstToldBy(units: Uint16Array, from: number): number {
  const isAfterGap = !isGap(units[from] ?? 0) && from > 0 && isGap(units[from - 1] ?? 0)
  return from - (isAfterGap ? 2 : 1)
}

/** Both in the order of their ends; of those that end together, what was rewritten begins first. */
function joined(carried: readonly number[], others: readonly number[]): number[] {
  const all: number[] = []
  let next = 0
  for (let i = 0; i < carried.length; i += 3) {
    for (; next < others.length && (others[next + 2] ?? 0) <= (carried[i + 2] ?? 0); next += 3)
      all.push(others[next] ?? 0, others[next + 1] ?? 0, others[next + 2] ?? 0)
    all.push(carried[i] ?? 0, carried[i + 1] ?? 0, carried[i + 2] ?? 0)
  }
  for (; next < others.length; next++) all.push(others[next] ?? 0)
  return all
}
