import { chmodSync } from 'node:fs'
import { sqlite } from './sqlite.ts'

export type Lock = { release(): void }

/**
 * Holds a file for this process alone, or says that another process does. The lock is SQLite's lock of an empty database:
 * it belongs to the kernel, so a process that was killed holds nothing, and no process number can be mistaken for it.
 */
export function holdLock(path: string): Lock | undefined {
  // SQLite alone may open and close this file: closing any other descriptor of it would drop the process's lock on it.
  const db = new (sqlite().DatabaseSync)(path)
  try {
    db.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    chmodSync(path, 0o600)
    return { release: () => db.close() }
  } catch (cause) {
    db.close()
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === busy) return undefined
    throw cause
  }
}

const busy = 5

const pauseMs = 10
const pause = new Int32Array(new SharedArrayBuffer(4))

/** Holds a file for this process alone, waiting for whoever has it; a throw with the code `busy` when that takes too long. */
export function waitForLock(path: string, waitMs = 1000): Lock {
  for (let waited = 0; waited <= waitMs; waited += pauseMs) {
    const lock = holdLock(path)
    if (lock !== undefined) return lock
    Atomics.wait(pause, 0, 0, pauseMs)
  }
  throw Object.assign(new Error(`${path} is held by another program; try again`), { code: 'busy' })
}
