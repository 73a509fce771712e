import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { waitForLock } from '../store/lock.ts'
import type { StepHook } from './atomic-file.ts'
import { type LockFile, readLock, type StoredPackage, writeLock } from './lock-file.ts'
import { listPath } from './verify-stored.ts'

export type StorePlace = {
  /** The store's own folder; nobody else writes into it. */
  readonly root: string
  readonly atStep?: StepHook
}

export type StoreRefused = { readonly ok: false; readonly reason: string; readonly wayOut: string }

/** What a change came to: the lock as it shall be, or why nothing was changed. */
export type Changed = { readonly ok: true; readonly lock: LockFile } | StoreRefused

/** Longer than anybody holds it: the longest deed under it is to move a folder and to write a file. */
const waitMs = 30_000

export function lockPath(root: string): string {
  return join(root, 'sallyport.lock')
}

/**
 * Reads the lock, changes it and writes it, one process at a time: of two commands at once, the second one sees what the
 * first one did, and neither loses the other's entry.
 */
export function changeLock<T extends Changed>(place: StorePlace, make: (lock: LockFile) => T): T | StoreRefused {
  mkdirSync(place.root, { recursive: true, mode: 0o700 })
  const held = waitForLock(join(place.root, 'store.lock'), waitMs)
  try {
    const reading = readLock(lockPath(place.root))
    if (!reading.ok) return reading
    const made = make(reading.lock)
    if (!made.ok || made.lock === reading.lock) return made
    place.atStep?.('lock')
    writeLock(lockPath(place.root), made.lock, place.atStep)
    place.atStep?.('sweep')
    sweep(place.root, reading.lock, made.lock)
    return made
  } finally {
    held.release()
  }
}

/** Takes a package out that no server starts, has started or will start. */
export function dropPackage(lock: LockFile, key: string): Changed {
  const isUsed = Object.values(lock.servers).some(
    ({ active, previous, staged }) => active === key || staged === key || previous.includes(key),
  )
  if (isUsed) return { ok: true, lock }
  const { [key]: _, ...packages } = lock.packages
  return { ok: true, lock: { ...lock, packages } }
}

/** Adds what was found out about a package, unless another command took it out or laid it anew meanwhile. */
export function notePackage(lock: LockFile, key: string, known: StoredPackage): Changed {
  const there = Object.hasOwn(lock.packages, key) ? lock.packages[key] : undefined
  if (there === undefined || there.files.digest !== known.files.digest)
    return { ok: false, reason: `another command changed ${key} meanwhile`, wayOut: 'do it again' }
  return { ok: true, lock: { ...lock, packages: { ...lock.packages, [key]: known } } }
}

/** What an interrupted command left, and what the lock just stopped naming: no start can reach either. */
function sweep(root: string, before: LockFile, after: LockFile): void {
  const named = foldersOf(after)
  const dropped = foldersOf(before).difference(named)
  for (const folder of dropped)
    for (const path of [join(root, folder), listPath(root, folder), join(root, `${folder}.marks`)])
      rmSync(path, { recursive: true, force: true })
  for (const name of readdirSync(root)) {
    const owner = name.replace(/\.(?:files\.json|marks)(?:\.\d+\.tmp)?$/u, '')
    const isOurs = /^(?:npm|pypi)-/u.test(name) ? !named.has(owner) : /^\.staging-|\.tmp$/u.test(name)
    if (isOurs && !isRecent(join(root, name))) rmSync(join(root, name), { recursive: true, force: true })
  }
}

function foldersOf({ packages }: LockFile): Set<string> {
  return new Set(Object.values(packages).flatMap(({ folder }) => folder ?? []))
}

const leftAfterMs = 10 * 60_000

/** Another install may be at work in it. */
function isRecent(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined || Date.now() - stats.mtimeMs < leftAfterMs
}
