import { localTenant } from '../core/brand.ts'
import { KeyValueStore, type Scope } from '../store/kv.ts'
import type { KeptMemory } from './shared-memory.ts'
import type { KeptTasks } from './task-register.ts'

/** Small state of the gateway that outlives a restart. */
export type KeptState = {
  readonly tasks: KeptTasks
  readonly shared: KeptMemory
  close(): void
}

/** Limits count in minutes: what a guard has not touched for a day says nothing any more. */
const sharedMs = 86_400_000

/** Opens the database on first use: a gateway that is asked nothing needs none. What fails is said once and stops no call. */
export function openKeptState(path: string, onTrouble: (text: string) => void): KeptState {
  let store: KeyValueStore | undefined
  let hasFailed = false
  const attempt = <T>(namespace: string, otherwise: T, work: (scope: Scope) => T): T => {
    try {
      store ??= new KeyValueStore({ path, onTrouble })
      const result = work(store.scope(localTenant, namespace))
      hasFailed = false
      return result
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      if (!hasFailed) onTrouble(`${path}: ${why}; rates and tasks of now are forgotten at a restart`)
      hasFailed = true
      return otherwise
    }
  }
  return {
    tasks: {
      get: key => attempt('task', undefined, scope => scope.get(key)),
      set: (key, value, ttlMs) => attempt('task', undefined, scope => scope.set(key, value, ttlMs)),
    },
    shared: {
      load: () => attempt('guard', [], scope => [...scope.list()]),
      save: entries => attempt('guard', false, scope => scope.setAll(entries, sharedMs)),
    },
    close: () => store?.close(),
  }
}
