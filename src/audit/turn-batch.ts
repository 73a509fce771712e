/** Collects what is added in one turn of the event loop, and writes it in one go before anybody is answered. */
export type TurnBatch<T> = {
  /**
   * Nothing where the item was written at once, which throws when it fails; else a promise that resolves when it is
   * written, and rejects when the write failed, for everything in it.
   */
  add(item: T): void | Promise<void>
  /** Writes what waits now. */
  flush(): void
}

type Waiting<T> = { readonly items: T[] } & PromiseWithResolvers<void>

/**
 * Where one thing comes at a time, collecting gains nothing and waiting costs more than writing: the first item of a turn
 * is written at once, unless the turn before had several.
 */
export function turnBatch<T>(write: (items: readonly T[]) => void, itemsMax: number): TurnBatch<T> {
  let waiting: Waiting<T> | undefined
  let added = 0
  let isCrowded = false
  const flush = (): void => {
    const batch = waiting
    if (batch === undefined) return
    waiting = undefined
    try {
      write(batch.items)
      batch.resolve()
    } catch (cause) {
      batch.reject(cause)
    }
  }
  const endTurn = (): void => {
    isCrowded = added > 1
    added = 0
    flush()
  }
  return {
    add(item) {
      added += 1
      if (added === 1) {
        process.nextTick(endTurn)
        if (!isCrowded) {
          write([item])
          return
        }
      }
      waiting ??= begin()
      const { items, promise } = waiting
      items.push(item)
      if (items.length >= itemsMax) flush()
      return promise
    },
    flush,
  }
}

function begin<T>(): Waiting<T> {
  const batch = { items: [], ...Promise.withResolvers<void>() }
  // Whoever does not wait for its record does not end the process by it either.
  batch.promise.catch(() => {})
  return batch
}
