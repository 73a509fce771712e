import type { Span } from './view.ts'

/** An order of concepts by number, and how far apart they may stand. */
export type Order = { readonly rule: number; readonly steps: readonly number[]; readonly gap: number }

export type Sequences = {
  /** A run over one text: give it every hit in the order the text is read; spans of rules come out. */
  start(found: (rule: number, span: Span) => void): (concept: number, from: number, to: number) => void
}

type Place = { readonly order: number; readonly step: number }

/**
 * Finds ordered concepts within a gap, one pass, a constant amount of work a hit. Rules are made of these and not of
 * patterns with gaps in them, because no text can then make matching slow.
 */
export function sequencesOf(orders: readonly Order[], concepts: number): Sequences {
  const places: Place[][] = Array.from({ length: concepts }, () => [])
  // Later steps first: one word is never two steps of the same order.
  for (const [order, { steps }] of orders.entries())
    for (let step = steps.length - 1; step >= 0; step--) places[steps[step] ?? 0]?.push({ order, step })
  const width = Math.max(1, ...orders.map(({ steps }) => steps.length))
  return {
    start(found) {
      const starts = new Int32Array(orders.length * width).fill(-1)
      const ends = new Int32Array(orders.length * width).fill(-1)
      return (concept, from, to) => {
        for (const { order, step } of places[concept] ?? []) {
          const here = orders[order]
          const at = order * width + step
          const isFirst = step === 0
          if (!isFirst && !isWithin(ends[at - 1] ?? -1, from, here?.gap ?? 0)) continue
          const start = isFirst ? from : (starts[at - 1] ?? from)
          starts[at] = start
          ends[at] = to
          if (here !== undefined && step === here.steps.length - 1) found(here.rule, [start, to])
        }
      }
    },
  }
}

function isWithin(end: number, from: number, gap: number): boolean {
  return end >= 0 && from >= end && from - end <= gap
}
