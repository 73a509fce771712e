import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import * as z from 'zod'
import { type StepHook, writeAtomic } from './atomic-file.ts'

const text = z.string().max(4096)
const hash = z.string().regex(/^sha256-[A-Za-z0-9+/]{43}=$/u)
const day = z.iso.datetime()

const storedPackage = z.strictObject({
  ecosystem: z.enum(['npm', 'pypi']),
  name: text,
  version: text,
  /** Folder under the store, one path step. */
  folder: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,150}$/u),
  /** What the registry said of the archive. */
  integrity: text,
  /** Digest of the list that names every file with its own hash. */
  files: z.strictObject({ digest: hash, count: z.int().min(0), bytes: z.int().min(0) }),
  dependencies: z.record(text, text),
  /** Hash of each archive that was unpacked, by its file name, where we unpacked it ourselves. */
  archives: z.record(text, hash).optional(),
  /** The interpreter that the archives were chosen for; compiled parts run in no other. */
  python: z.strictObject({ program: text, version: text }).optional(),
  installScripts: z.array(text),
  publisher: text,
  provenance: z.enum(['verified', 'unknown']),
  /** The repository whose build was verified to have made it. */
  source: text.optional(),
  installedAt: day,
})

/** An image stays with the engine; what is kept is which one was meant. */
const pinnedImage = z.strictObject({
  /** In full, without tag and digest. */
  repository: text,
  tag: text.optional(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/u),
  pinnedAt: day,
})

const serverEntry = z.strictObject({
  /** Key of the package or image that is started. */
  active: text,
  /** Keys that were active before, newest first. */
  previous: z.array(text).max(20),
  /** What is prepared beside it and not yet in force. */
  staged: text.optional(),
  owner: text,
  why: text,
  addedAt: day,
  reviewedAt: day,
  reviewDays: z.int().min(1).max(3650),
})

const lockSchema = z.strictObject({
  version: z.literal(1),
  packages: z.record(text, storedPackage),
  images: z.record(text, pinnedImage).optional(),
  servers: z.record(text, serverEntry),
})

export type StoredPackage = z.infer<typeof storedPackage>
export type PinnedImage = z.infer<typeof pinnedImage>
export type ServerEntry = z.infer<typeof serverEntry>
export type LockFile = z.infer<typeof lockSchema>
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
  const sealed = z.strictObject({ seal: text, lock: z.unknown() }).safeParse(value)
  if (!sealed.success) return { ok: false, reason: `${path} is no lock file: ${firstIssue(sealed.error)}`, wayOut }
  const read = lockSchema.safeParse(sealed.data.lock)
  if (!read.success) return { ok: false, reason: `${path}: ${firstIssue(read.error)}`, wayOut }
  // Whoever may write here may also seal; the seal finds slips of hand and of disks, and says so early.
  if (sealOf(read.data) !== sealed.data.seal)
    return { ok: false, reason: `${path} was changed by something other than sallyport`, wayOut }
  const { packages, images = {} } = read.data
  const stray = Object.entries(read.data.servers).find(
    ([, { active }]) => (packages[active] ?? images[active]) === undefined,
  )
  if (stray)
    return {
      ok: false,
      reason: `${path}: server ${stray[0]} starts ${stray[1].active}, which it does not list`,
      wayOut,
    }
  return { ok: true, lock: read.data }
}

/** Writes the lock whole, or leaves the old one. */
export function writeLock(path: string, lock: LockFile, atStep?: StepHook): void {
  const read = lockSchema.parse(lock)
  writeAtomic(path, `${JSON.stringify({ seal: sealOf(read), lock: read }, null, 2)}\n`, atStep)
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

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues
  return `${issue?.path.join('.') || '(file)'}: ${issue?.message ?? 'wrong'}`
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
