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

const places = 8
/** Longer ones are not kept alive when nobody else needs them. */
export const lastFewBounds = { units: 131_072 } as const

/** Remembers so many that each message is walked and read once, though several are under way at a time. */
export function lastFew<K extends object, V>(): LastFew<K, V> {
  const keys: (K | undefined)[] = new Array(places).fill(undefined)
  const values: (V | undefined)[] = new Array(places).fill(undefined)
  const long = new WeakMap<K, V>()
  let next = 0
  return {
    get(key) {
      const at = keys.indexOf(key)
      return at < 0 ? long.get(key) : values[at]
    },
    set(key, value, units) {
      if (units > lastFewBounds.units) {
        long.set(key, value)
        return
      }
      const known = keys.indexOf(key)
      const at = known < 0 ? next++ % places : known
      keys[at] = key
      values[at] = value
    },
  }
}
