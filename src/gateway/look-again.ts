import type { ListMethod } from './list.ts'

/** A name that was not in a list is looked for again after this long; until then it counts as not there. */
export const lookAgainMs = 3_000

const last = new WeakMap<object, Map<ListMethod, number>>()

/** Whether a list may be fetched again for the sake of a name that it did not have: unknown names cost nobody to make up. */
export function mayLookAgain(holder: object, method: ListMethod, nowMs: number): boolean {
  const atMs = last.get(holder)?.get(method)
  return atMs === undefined || nowMs - atMs >= lookAgainMs || nowMs < atMs
}

/** Notes that a list was fetched whole, on behalf of whoever keeps it: a connection, a conversation. */
export function looked(holder: object, method: ListMethod, nowMs: number): void {
  const times = last.get(holder) ?? new Map<ListMethod, number>()
  last.set(holder, times.set(method, nowMs))
}
