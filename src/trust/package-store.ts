import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { satisfies, valid, validRange } from 'semver'
import * as z from 'zod'
import { type StepHook, syncFolder } from './atomic-file.ts'
import { hashText } from './file-tree.ts'
import { type LockFile, readLock, type StoredPackage, writeLock } from './lock-file.ts'
import { type FetchPackage, isPackageName } from './npm-fetch.ts'
import { recordFiles, verifyStored } from './verify-stored.ts'

export type StoreRefused = { readonly ok: false; readonly reason: string; readonly wayOut: string }
export type Stored = { readonly ok: true; readonly key: string; readonly stored: StoredPackage } | StoreRefused

export type StorePlace = {
  /** The store's own folder; nobody else writes into it. */
  readonly root: string
  readonly atStep?: StepHook
}

/** What a start asks for; the shape of the sandbox's question. */
export type WantedPackage = {
  readonly ecosystem: 'npm' | 'pypi'
  readonly name: string
  readonly version: string | undefined
}

export function lockPath(root: string): string {
  return join(root, 'sallyport.lock')
}

/**
 * Installs a package once: into a folder of its own, recorded file by file, then moved into place, then named in the lock.
 * Whatever ends the process before the last step leaves a store that knows nothing of it.
 */
export async function storePackage(
  wanted: Wish,
  fetch: FetchPackage,
  { root, atStep = () => undefined }: StorePlace,
): Promise<Stored> {
  if (!isPackageName(wanted.name))
    return { ok: false, reason: `${JSON.stringify(wanted.name)} is no package name`, wayOut: 'correct it' }
  const before = readLock(lockPath(root))
  if (!before.ok) return before
  const here = alreadyStored(wanted, before.lock, root)
  if (here !== undefined) return here
  mkdirSync(root, { recursive: true, mode: 0o700 })
  removeLeftovers(root, before.lock)
  const staging = mkdtempSync(join(root, '.staging-'))
  try {
    atStep('fetch')
    const fetched = await fetch(wanted, staging)
    if (!fetched.ok) return fetched
    const facts = factsOf(staging, wanted)
    if (!facts.ok) return facts
    const key = `npm:${wanted.name}@${facts.version}`
    const known = before.lock.packages[key]
    if (known !== undefined && known.integrity !== facts.integrity) return relabelled(key)
    if (known !== undefined && verifyStored(root, known).ok) return { ok: true, key, stored: known }
    return await settle({ root, staging, key, facts, atStep })
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

/** An exact version that is here and whole needs no registry. */
function alreadyStored({ name, spec }: Wish, { packages }: LockFile, root: string): Stored | undefined {
  const key = `npm:${name}@${spec}`
  const stored = Object.hasOwn(packages, key) ? packages[key] : undefined
  return stored !== undefined && verifyStored(root, stored).ok ? { ok: true, key, stored } : undefined
}

type Wish = { readonly name: string; readonly spec: string }

type Settling = {
  readonly root: string
  readonly staging: string
  readonly key: string
  readonly facts: Facts
  readonly atStep: StepHook
}

async function settle({ root, staging, key, facts, atStep }: Settling): Promise<Stored> {
  const { ok: _, ...known } = facts
  const folder = folderName(key)
  atStep('move')
  rmSync(join(root, folder), { recursive: true, force: true })
  renameSync(staging, join(root, folder))
  syncFolder(root)
  atStep('record')
  const files = recordFiles(root, folder)
  if ('problem' in files) {
    rmSync(join(root, folder), { recursive: true, force: true })
    return { ok: false, reason: `${key}: ${files.problem}`, wayOut: 'do not use this package' }
  }
  const stored: StoredPackage = {
    ...{ ecosystem: 'npm', ...known, folder, files },
    ...{ publisher: 'unknown', provenance: 'unknown', installedAt: new Date().toISOString() },
  }
  // Read anew: another install may have finished while npm worked on this one.
  const now = readLock(lockPath(root))
  if (!now.ok) return now
  atStep('lock')
  writeLock(lockPath(root), { ...now.lock, packages: { ...now.lock.packages, [key]: stored } }, atStep)
  return { ok: true, key, stored }
}

function relabelled(key: string): StoreRefused {
  const reason = `the registry now gives another archive for ${key} than when it was stored`
  return { ok: false, reason, wayOut: 'a published version never changes: do not trust this registry' }
}

/** The stored folder for a start: verified now, or refused with the name of the file; undefined when it is not stored. */
export function findStored(wanted: WantedPackage, root: string): string | undefined | StoreRefused {
  const reading = readLock(lockPath(root))
  if (!reading.ok) return reading
  const key = keyFor(wanted, reading.lock)
  const stored = key === undefined ? undefined : reading.lock.packages[key]
  if (stored === undefined) return undefined
  const verified = verifyStored(root, stored)
  if (verified.ok) return join(root, stored.folder, 'node_modules', stored.name)
  const wayOut = 'look at that file; `sallyport server add` installs the package anew'
  return { ok: false, reason: `${key} is not what was stored: ${verified.file} ${verified.why}`, wayOut }
}

/** An exact version is that version; anything looser is the one in force, if it fits. */
function keyFor({ ecosystem, name, version }: WantedPackage, lock: LockFile): string | undefined {
  const exact = version === undefined ? null : valid(version)
  if (exact !== null) return `${ecosystem}:${name}@${exact}`
  const active = Object.values(lock.servers)
    .map(server => ({ key: server.active, stored: lock.packages[server.active] }))
    .filter(({ stored }) => stored?.ecosystem === ecosystem && stored.name === name)
  const isRange = version !== undefined && validRange(version) !== null
  return active.find(({ stored }) => !isRange || satisfies(stored?.version ?? '', version))?.key
}

const manifest = z.object({
  name: z.string(),
  version: z.string(),
  scripts: z.record(z.string(), z.unknown()).optional(),
})
const lockPackage = z.object({ version: z.string().optional(), integrity: z.string().optional() })
const npmLock = z.object({ packages: z.record(z.string(), lockPackage) })

type Facts = Pick<StoredPackage, 'name' | 'version' | 'integrity' | 'dependencies' | 'installScripts'> & {
  readonly ok: true
}

function factsOf(staging: string, { name }: { readonly name: string }): Facts | StoreRefused {
  const wayOut = 'do not use this package, and ask who runs the registry'
  const own = manifest.safeParse(jsonOf(join(staging, 'node_modules', name, 'package.json')))
  if (!own.success) return { ok: false, reason: `what came for ${name} has no readable package.json`, wayOut }
  if (own.data.name !== name || valid(own.data.version) === null)
    return {
      ok: false,
      reason: `asked for ${name}, and got ${own.data.name}@${own.data.version}`.slice(0, 300),
      wayOut,
    }
  const lock = npmLock.safeParse(jsonOf(join(staging, 'package-lock.json')))
  const packages = lock.success ? lock.data.packages : {}
  const entry = packages[`node_modules/${name}`]
  if (entry?.integrity === undefined || entry.version !== own.data.version)
    return { ok: false, reason: `the registry gave no hash for ${name}@${own.data.version}`, wayOut }
  const folders = Object.keys(packages).filter(path => path !== '')
  const bare = folders.find(path => packages[path]?.integrity === undefined)
  if (bare !== undefined) return { ok: false, reason: `the registry gave no hash for ${bare}`, wayOut }
  const dependencies = Object.fromEntries(folders.map(path => [path, `${packages[path]?.version}`]))
  const installScripts = folders.filter(path => hasInstallScript(join(staging, path)))
  return { ok: true, name, version: own.data.version, integrity: entry.integrity, dependencies, installScripts }
}

function hasInstallScript(folder: string): boolean {
  const read = manifest.partial().safeParse(jsonOf(join(folder, 'package.json')))
  const scripts = read.success ? read.data.scripts : undefined
  return ['preinstall', 'install', 'postinstall'].some(name => scripts?.[name] !== undefined)
}

const jsonBytesMax = 16 * 1024 * 1024

function jsonOf(path: string): unknown {
  try {
    const text = readFileSync(path, 'utf8')
    return text.length > jsonBytesMax ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

function folderName(key: string): string {
  const slug = key
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/gu, '-')
    .replaceAll(/^[-.]+/gu, '')
    .slice(0, 100)
  return `${slug}-${hashText(key)
    .slice(7, 19)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/gu, '0')}`
}

/** What an interrupted install left: nothing names it, so nothing can start it. */
function removeLeftovers(root: string, lock: LockFile): void {
  const named = new Set(Object.values(lock.packages).map(({ folder }) => folder))
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    const isStaging = entry.name.startsWith('.staging-') && !isRecent(entry.name, root)
    const isOrphan =
      entry.isDirectory() && /^npm-/u.test(entry.name) && !named.has(entry.name) && !isRecent(entry.name, root)
    if (isStaging || isOrphan) rmSync(join(root, entry.name), { recursive: true, force: true })
  }
}

const leftAfterMs = 10 * 60_000

/** Another install may be at work in it. */
function isRecent(name: string, root: string): boolean {
  return Date.now() - statSync(join(root, name)).mtimeMs < leftAfterMs
}
