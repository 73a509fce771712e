import type { Inspected } from '../../src/gateway/inspect-text.ts'

/** How many texts were judged, and how many of them were asked about or blocked. */
export type Share = { readonly n: number; readonly ask: number; readonly block: number }

export function shareOfVerdicts(verdicts: readonly Inspected['verdict'][]): Share {
  const block = verdicts.filter(verdict => verdict === 'block').length
  return { n: verdicts.length, block, ask: verdicts.filter(verdict => verdict !== 'allow').length }
}

/** A share in percent with its 95 % interval (Wilson). */
export function interval(hits: number, of: number): string {
  if (of === 0) return '–'
  const [z, p] = [1.96, hits / of]
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of)
  const half = (z / (1 + (z * z) / of)) * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))
  const percent = (x: number) => (100 * Math.max(0, x)).toFixed(1)
  return `${percent(p).padStart(5)} (${percent(middle - half)}–${percent(middle + half)})`
}

const sourceMin = 60

/** The source that comes off worst, of those with enough texts to say: the most alarms, or the fewest attacks found. */
export function worstOf(
  groups: ReadonlyMap<string, Share>,
  isAttack: boolean,
): Readonly<Record<'ask' | 'block', string>> {
  const told = (at: 'ask' | 'block') => {
    const sized = [...groups].filter(([, { n }]) => n >= sourceMin)
    const rated = sized.map(([name, share]) => ({ name, rate: share[at] / share.n }))
    const [worst] = rated.sort((a, b) => (isAttack ? a.rate - b.rate : b.rate - a.rate))
    return worst === undefined ? '–' : `${(100 * worst.rate).toFixed(1)} ${worst.name}`
  }
  return { ask: told('ask'), block: told('block') }
}
