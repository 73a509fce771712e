import type { Span } from './view.ts'

/** An order of concepts by number, and how far apart they may stand. */
export type Order = { readonly rule: number; readonly steps: readonly number[]; readonly gap: number }

export type Sequences = {
  /** Runs over the hits of one text in the order it is read, three numbers each: concept, from, to; spans of rules come out. */
  run(hits: readonly number[], found: (rule: number, span: Span) => void): void
}

/**
 * Finds ordered concepts within a gap, one pass, a constant amount of work a hit. Rules are made of these and not of
 * patterns with gaps in them, because no text can then make matching slow.
 */
export function sequencesOf(orders: readonly Order[], concepts: number): Sequences {
  const width = Math.max(1, ...orders.map(({ steps }) => steps.length))
  const places: number[][] = Array.from({ length: concepts }, () => [])
  // Of each place, how far before it the step before may end, -1 of a first step; and the rule that a last one completes.
  const gaps = new Int32Array(orders.length * width).fill(-1)
  const rules = new Int32Array(orders.length * width).fill(-1)
  for (const [order, { steps, gap, rule }] of orders.entries()) {
    // Later steps first: one word is never two steps of the same order.
    for (let step = steps.length - 1; step >= 0; step--) places[steps[step] ?? 0]?.push(order * width + step)
    gaps.fill(gap, order * width + 1, order * width + steps.length)
    if (steps.length > 0) rules[order * width + steps.length - 1] = rule
  }
  // One page for all: most texts are short, and to make and clear these for each would cost more than the run.
  const starts = new Int32Array(orders.length * width)
  const ends = new Int32Array(orders.length * width).fill(-1)
  const written: number[] = []
  return {
    run(hits, found) {
      for (const at of written) ends[at] = -1
      written.length = 0
      for (let i = 0; i < hits.length; i += 3) {
        const from = hits[i + 1] ?? 0
        const to = hits[i + 2] ?? 0
        for (const at of places[hits[i] ?? 0] ?? []) {
          const gap = gaps[at] ?? -1
          if (gap >= 0 && !isWithin(ends[at - 1] ?? -1, from, gap)) continue
          const start = gap < 0 ? from : (starts[at - 1] ?? from)
          starts[at] = start
          if (ends[at] === -1) written.push(at)
          ends[at] = to
          const rule = rules[at] ?? -1
          if (rule >= 0) found(rule, [start, to])
        }
      }
    },
  }
}

function isWithin(end: number, from: number, gap: number): boolean {
  return end >= 0 && from >= end && from - end <= gap
}
