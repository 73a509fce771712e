import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { syncFolder } from './atomic-file.ts'
import { hashText } from './file-tree.ts'
import { type LockFile, readLock, type StoredPackage } from './lock-file.ts'
import { type Changed, changeLock, lockPath, type StorePlace, type StoreRefused } from './store-change.ts'
import { listPath, recordFiles, verifyStored } from './verify-stored.ts'

export type Stored = { readonly ok: true; readonly key: string; readonly stored: StoredPackage } | StoreRefused

/** A package by its name, and a version, a range or a tag. */
export type Wish = { readonly name: string; readonly spec: string }

/** What came, as it is recorded. */
export type PackageFacts = Pick<
  StoredPackage,
  'name' | 'version' | 'integrity' | 'dependencies' | 'installScripts' | 'archives' | 'python'
> & { readonly ok: true }

/** Where packages come from: lays one out in an empty folder, running nothing of its own, and says what came. */
export type PackageSource = {
  readonly ecosystem: StoredPackage['ecosystem']
  isName(name: string): boolean
  install(wanted: Wish, folder: string): Promise<PackageFacts | StoreRefused>
}

/**
 * Installs a package once: into a folder of its own, recorded file by file, then moved into place, then named in the lock.
 * Whatever ends the process before the last step leaves a store that knows nothing of it.
 */
export async function storePackage(wanted: Wish, source: PackageSource, place: StorePlace): Promise<Stored> {
  const { root, atStep = () => undefined } = place
  if (!source.isName(wanted.name))
    return { ok: false, reason: `${JSON.stringify(wanted.name)} is no package name`, wayOut: 'correct it' }
  const before = readLock(lockPath(root))
  if (!before.ok) return before
  const exact = `${source.ecosystem}:${wanted.name}@${wanted.spec}`
  const here = storedWhole(before.lock, exact, root)
  if (here !== undefined) return { ok: true, key: exact, stored: here }
  mkdirSync(root, { recursive: true, mode: 0o700 })
  const staging = mkdtempSync(join(root, '.staging-'))
  try {
    atStep('fetch')
    const facts = await source.install(wanted, staging)
    if (!facts.ok) return facts
    atStep('record')
    const key = `${source.ecosystem}:${facts.name}@${facts.version}`
    const files = recordFiles(root, basename(staging))
    if ('problem' in files) return { ok: false, reason: `${key}: ${files.problem}`, wayOut: 'do not use this package' }
    const { ok: _, ...known } = facts
    const stored: StoredPackage = {
      ...{ ecosystem: source.ecosystem, ...known, folder: folderName(key, files.digest), files },
      ...{ publisher: 'unknown', provenance: 'unknown', installedAt: new Date().toISOString() },
    }
    return changeLock(place, lock => settle(lock, { key, stored, staging, place }))
  } finally {
    rmSync(staging, { recursive: true, force: true })
    rmSync(listPath(root, basename(staging)), { force: true })
  }
}

/** A package that is here and is what was stored; it needs no registry. */
function storedWhole({ packages }: LockFile, key: string, root: string): StoredPackage | undefined {
  const stored = Object.hasOwn(packages, key) ? packages[key] : undefined
  return stored !== undefined && verifyStored(root, stored).ok ? stored : undefined
}

type Settling = {
  readonly key: string
  readonly stored: StoredPackage
  readonly staging: string
  readonly place: StorePlace
}

/** Under the lock: another install of the same package may have ended while this one was on its way. */
function settle(lock: LockFile, { key, stored, staging, place }: Settling): Changed & Stored {
  const { root, atStep = () => undefined } = place
  const known = lock.packages[key]
  if (known !== undefined && isRelabelled(known, stored)) return relabelled(key)
  const whole = known?.python?.program === stored.python?.program ? storedWhole(lock, key, root) : undefined
  if (whole !== undefined) return { ok: true, key, stored: whole, lock }
  atStep('move')
  const folder = join(root, stored.folder)
  // A folder of this name is the same tree with something changed in it: it is set aside in one step, not emptied.
  if (existsSync(folder)) renameSync(folder, `${staging}-old`)
  renameSync(listPath(root, basename(staging)), listPath(root, stored.folder))
  renameSync(staging, folder)
  syncFolder(root)
  rmSync(`${staging}-old`, { recursive: true, force: true })
  return { ok: true, key, stored, lock: { ...lock, packages: { ...lock.packages, [key]: stored } } }
}

/** One archive name stands for one content; another Python has archives of other names. */
function isRelabelled(known: StoredPackage, { integrity, archives = {} }: StoredPackage): boolean {
  if (known.archives === undefined) return known.integrity !== integrity
  return Object.entries(archives).some(([name, hash]) => (known.archives?.[name] ?? hash) !== hash)
}

function relabelled(key: string): StoreRefused {
  const reason = `the registry now gives another archive for ${key} than when it was stored`
  return { ok: false, reason, wayOut: 'a published version never changes: do not trust this registry' }
}

function folderName(key: string, digest: string): string {
  const slug = key
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/gu, '-')
    .replaceAll(/^[-.]+/gu, '')
    .slice(0, 100)
  return `${slug}-${hashText(`${key} ${digest}`)
    .slice(7, 19)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/gu, '0')}`
}
