import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { type StepHook, writeAtomic } from './atomic-file.ts'
import { isLock, isSealed, lockProblem } from './lock-shape.ts'

export type StoredPackage = {
  readonly ecosystem: 'npm' | 'pypi'
  readonly name: string
  readonly version: string
  /** Folder under the store, one path step. */
  readonly folder: string
  /** What the registry said of the archive. */
  readonly integrity: string
  /** Digest of the list that names every file with its own hash. */
  readonly files: { readonly digest: string; readonly count: number; readonly bytes: number }
  readonly dependencies: Readonly<Record<string, string>>
  /** Hash of each archive that was unpacked, by its file name, where we unpacked it ourselves. */
  readonly archives?: Readonly<Record<string, string>> | undefined
  /** The interpreter that the archives were chosen for; compiled parts run in no other. */
  readonly python?: { readonly program: string; readonly version: string } | undefined
  readonly installScripts: readonly string[]
  readonly publisher: string
  /** When the registry says that this version was published. */
  readonly publishedAt?: string | undefined
  readonly provenance: 'verified' | 'unknown'
  /** The repository whose build was verified to have made it. */
  readonly source?: string | undefined
  readonly installedAt: string
  /** What its dependencies can do, as far as their sources say: packages by deed. */
  readonly deeds?: Readonly<Record<string, readonly string[]>> | undefined
}

/** An image stays with the engine; what is kept is which one was meant. */
export type PinnedImage = {
  /** In full, without tag and digest. */
  readonly repository: string
  readonly tag?: string | undefined
  readonly digest: string
  readonly pinnedAt: string
}

export type ServerEntry = {
  /** Key of the package or image that is started. */
  readonly active: string
  /** Keys that were active before, newest first. */
  readonly previous: readonly string[]
  /** What is prepared beside it and not yet in force. */
  readonly staged?: string | undefined
  readonly owner: string
  readonly why: string
  readonly addedAt: string
  readonly reviewedAt: string
  readonly reviewDays: number
}

export type LockFile = {
  readonly version: 1
  readonly packages: Readonly<Record<string, StoredPackage>>
  readonly images?: Readonly<Record<string, PinnedImage>> | undefined
  readonly servers: Readonly<Record<string, ServerEntry>>
}

export type LockReading =
  | { readonly ok: true; readonly lock: LockFile }
  | { readonly ok: false; readonly reason: string; readonly wayOut: string }

const lockBytesMax = 16 * 1024 * 1024
const wayOut = 'put back a copy of it, or remove it and add the servers again with `sallyport server add`'

/** Reads the lock. No file is an empty lock; a file that is not exactly as it was written is refused. */
export function readLock(path: string): LockReading {
  const written = readText(path)
  if (written === undefined) return { ok: true, lock: { version: 1, packages: {}, servers: {} } }
  if (written === 'too large') return { ok: false, reason: `${path} is larger than ${lockBytesMax} bytes`, wayOut }
  const value = parsed(written)
  if (value === undefined) return { ok: false, reason: `${path} is not JSON: it was cut off or edited`, wayOut }
  if (!isSealed(value)) return { ok: false, reason: `${path} is no lock file`, wayOut }
  const { seal, lock } = value
  if (!isLock(lock)) return { ok: false, reason: `${path}: ${lockProblem(lock)}`, wayOut }
  // Whoever may write here may also seal; the seal finds slips of hand and of disks, and says so early.
  if (sealOf(lock) !== seal)
    return { ok: false, reason: `${path} was changed by something other than sallyport`, wayOut }
  const { packages, images = {} } = lock
  const stray = Object.entries(lock.servers).find(
    ([, { active }]) => (packages[active] ?? images[active]) === undefined,
  )
  if (stray)
    return {
      ok: false,
      reason: `${path}: server ${stray[0]} starts ${stray[1].active}, which it does not list`,
      wayOut,
    }
  return { ok: true, lock }
}

/** Writes the lock whole, or leaves the old one. */
export function writeLock(path: string, lock: LockFile, atStep?: StepHook): void {
  const problem = lockProblem(lock)
  if (problem !== undefined) throw new TypeError(`no lock: ${problem}`)
  writeAtomic(path, `${JSON.stringify({ seal: sealOf(lock), lock }, null, 2)}\n`, atStep)
}

function readText(path: string): string | undefined {
  try {
    return statSync(path).size > lockBytesMax ? 'too large' : readFileSync(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw cause
  }
}

function parsed(written: string): unknown {
  try {
    return JSON.parse(written)
  } catch {
    return undefined
  }
}

function sealOf(lock: LockFile): string {
  return `sha256-${createHash('sha256')
    .update(JSON.stringify(sorted(lock)))
    .digest('base64')}`
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  )
}
