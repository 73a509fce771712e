import type { Span } from './view.ts'

/**
 * Which spans are asked for or lie together with one that is: they overlap it, or one that overlaps it, and so on. What
 * happens to a span in one such group changes nothing in another.
 */
export function besideThose(spans: readonly Span[], isAsked: readonly boolean[]): readonly boolean[] {
  const order = spans.map((_, i) => i).sort((a, b) => fromOf(spans, a) - fromOf(spans, b))
  const isBeside = spans.map(() => false)
  let group: number[] = []
  let end = Number.NEGATIVE_INFINITY
  const close = (): void => {
    if (group.some(i => isAsked[i] === true)) for (const i of group) isBeside[i] = true
    group = []
  }
  for (const i of order) {
    if (fromOf(spans, i) >= end) close()
    group.push(i)
    end = Math.max(end, spans[i]?.[1] ?? 0)
  }
  close()
  return isBeside
}

function fromOf(spans: readonly Span[], i: number): number {
  return spans[i]?.[0] ?? 0
}
