import type { Json } from '../core/json.ts'
import type { SharedMemory } from './judge.ts'

/** Values that guards may keep beyond sessions, all guards together; the one unchanged longest goes first. */
export const sharedMax = 50_000

export function newSharedMemory(): SharedMemory {
  const values = new Map<string, Json>()
  const absorb: SharedMemory['absorb'] = changed => {
    for (const key in changed) {
      // Deleting first moves the key to the end, so that the first key is always the oldest.
      values.delete(key)
      values.set(key, changed[key] ?? null)
      if (values.size > sharedMax) values.delete(values.keys().next().value ?? '')
    }
  }
  return { values, absorb }
}
