/**
 * What was made of the last few values, told by their identity. A weak map would do, but for the collector: until the old
 * generation is collected, all that such a map holds outlives its keys. With it the views of every message were copied
 * there, which took a tenth of the time of reading.
 */
export type LastFew<K extends object, V> = {
  get(key: K): V | undefined
  /** `units`: how long the texts are that are kept alive with it. */
  set(key: K, value: V, units: number): void
}

/** Of all that are kept alive together; what is longer by itself is left to a weak map. */
export const lastFewBounds = { places: 8, units: 524_288 } as const

/** Remembers so many that each message is walked and read once, though several are under way at a time. */
export function lastFew<K extends object, V>(): LastFew<K, V> {
  const kept: { readonly key: K; value: V; units: number }[] = []
  const long = new WeakMap<K, V>()
  let total = 0
  const known = (key: K) => {
    for (const each of kept) if (each.key === key) return each
    return undefined
  }
  return {
    get: key => known(key)?.value ?? long.get(key),
    set(key, value, units) {
      if (units > lastFewBounds.units) {
        long.set(key, value)
        return
      }
      const before = known(key)
      total += units - (before?.units ?? 0)
      if (before === undefined) kept.push({ key, value, units })
      else Object.assign(before, { value, units })
      while (kept.length > lastFewBounds.places || total > lastFewBounds.units) total -= kept.shift()?.units ?? 0
    },
  }
}
