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

/** So many lists that their server took back are fetched at once; from then on one in the time of a name that is looked for. */
const takenBackMax = 5

const paces = new WeakMap<object, { readonly left: number; readonly atMs: number }>()

/**
 * How long a call waits for a list that its server took back, in milliseconds. It cannot be judged without, and a server
 * that says with every answer that its list has changed is not to be asked as often as it likes: it waits for itself.
 */
export function takenBackWaitMs(holder: object, nowMs: number): number {
  const pace = paces.get(holder) ?? { left: takenBackMax, atMs: nowMs }
  const left = Math.min(takenBackMax, pace.left + Math.max(0, nowMs - pace.atMs) / lookAgainMs)
  paces.set(holder, { left: left - 1, atMs: nowMs })
  return Math.max(0, Math.ceil((1 - left) * lookAgainMs))
}
