/** Collects what is added in one turn of the event loop, and writes it in one go before anybody is answered. */
export type TurnBatch<T> = {
  /** Resolves when the item is written; rejects when the write failed, for everything in it. */
  add(item: T): Promise<void>
  /** Writes what waits now. */
  flush(): void
}

type Waiting<T> = { readonly items: T[] } & PromiseWithResolvers<void>

export function turnBatch<T>(write: (items: readonly T[]) => void, itemsMax: number): TurnBatch<T> {
  let waiting: Waiting<T> | undefined
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
  return {
    add(item) {
      waiting ??= begin(flush)
      const { items, promise } = waiting
      items.push(item)
      if (items.length >= itemsMax) flush()
      return promise
    },
    flush,
  }
}

function begin<T>(flush: () => void): Waiting<T> {
  const batch = { items: [], ...Promise.withResolvers<void>() }
  // Whoever does not wait for its record does not end the process by it either.
  batch.promise.catch(() => {})
  process.nextTick(flush)
  return batch
}
