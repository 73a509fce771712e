/** What fits into a second: freely, as the last (the place for an alarm), or not any more. */
export type Pace = () => 'free' | 'last' | 'full'

/** Counts per second of the given clock. */
export function createPace(now: () => number, perSecond: number): Pace {
  let second = Number.NEGATIVE_INFINITY
  let count = 0
  return () => {
    const current = Math.floor(now() / 1000)
    if (current !== second) count = 0
    second = current
    count++
    if (count <= perSecond) return 'free'
    return count === perSecond + 1 ? 'last' : 'full'
  }
}
