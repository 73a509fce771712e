import type { Json } from '../core/json.ts'
import type { SharedMemory } from './judge.ts'

/** Values that guards may keep beyond sessions, all guards together; the one unchanged longest goes first. */
export const sharedMax = 50_000

/** Where the values outlive a restart; what cannot be written is tried again with the next change. */
export type KeptMemory = {
  load(): Iterable<{ readonly key: string; readonly value: Json }>
  /** False when it could not be written. */
  save(entries: readonly { readonly key: string; readonly value: Json }[]): boolean
}

/** Changes are written together after this, as those of sessions are: a message does not wait for a disk. */
const delayMs = 1000

export function newSharedMemory(kept?: KeptMemory): SharedMemory & { flush(): void } {
  const values = new Map<string, Json>()
  const changedKeys = new Set<string>()
  let isLoaded = kept === undefined
  let timer: NodeJS.Timeout | undefined

  const keep = (key: string, value: Json): void => {
    // Deleting first moves the key to the end, so that the first key is always the oldest.
    values.delete(key)
    values.set(key, value)
    if (values.size > sharedMax) values.delete(values.keys().next().value ?? '')
  }
  const loaded = (): Map<string, Json> => {
    if (isLoaded) return values
    isLoaded = true
    for (const { key, value } of kept?.load() ?? []) keep(key, value)
    return values
  }
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (kept === undefined || changedKeys.size === 0) return
    const entries = [...changedKeys].flatMap(key => {
      const value = values.get(key)
      return value === undefined ? [] : [{ key, value }]
    })
    if (kept.save(entries)) changedKeys.clear()
  }
  return {
    get values() {
      return loaded()
    },
    absorb(changed) {
      loaded()
      for (const key in changed) {
        keep(key, changed[key] ?? null)
        if (kept !== undefined && changedKeys.size < sharedMax) changedKeys.add(key)
      }
      if (changedKeys.size > 0) timer ??= setTimeout(flush, delayMs).unref()
    },
    flush,
  }
}
