import type { Span } from './view.ts'

/** An order of concepts by number, and how far apart they may stand. */
export type Order = { readonly rule: number; readonly steps: readonly number[]; readonly gap: number }

export type Sequences = {
  /** Runs over the hits of one text in the order it is read, three numbers each: concept, from, to; spans of rules come out. */
  run(hits: readonly number[], found: (rule: number, span: Span) => void): void
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
  // One page for all: most texts are short, and to make and clear these for each would cost more than the run.
  const starts = new Int32Array(orders.length * width)
  const ends = new Int32Array(orders.length * width).fill(-1)
  const written: number[] = []
  const next = (hit: readonly [number, number, number], found: (rule: number, span: Span) => void): void => {
    const [concept, from, to] = hit
    for (const { order, step } of places[concept] ?? []) {
      const here = orders[order]
      const at = order * width + step
      const isFirst = step === 0
      if (!isFirst && !isWithin(ends[at - 1] ?? -1, from, here?.gap ?? 0)) continue
      const start = isFirst ? from : (starts[at - 1] ?? from)
      starts[at] = start
      if (ends[at] === -1) written.push(at)
      ends[at] = to
      if (here !== undefined && step === here.steps.length - 1) found(here.rule, [start, to])
    }
  }
  return {
    run(hits, found) {
      for (const at of written) ends[at] = -1
      written.length = 0
      for (let i = 0; i < hits.length; i += 3) next([hits[i] ?? 0, hits[i + 1] ?? 0, hits[i + 2] ?? 0], found)
    },
  }
}

function isWithin(end: number, from: number, gap: number): boolean {
  return end >= 0 && from >= end && from - end <= gap
}
