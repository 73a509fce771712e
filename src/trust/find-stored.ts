import { join } from 'node:path'
import satisfies from 'semver/functions/satisfies.js'
import valid from 'semver/functions/valid.js'
import validRange from 'semver/ranges/valid.js'
import { type LockFile, readLock } from './lock-file.ts'
import { pypiName, pythonCommand } from './python-start.ts'
import { type Changed, lockPath, type StoreRefused } from './store-change.ts'
import { type Verified, verifyStored } from './verify-stored.ts'

/** What a start asks for; the shape of the sandbox's question. */
export type WantedPackage = {
  readonly ecosystem: 'npm' | 'pypi'
  readonly name: string
  readonly version: string | undefined
  /** The program of the package, when it is not the package's own name. */
  readonly bin?: string | undefined
}

/** A start that is no script of Node: the words before the server's own, and the folder they need. */
export type StoredProgram = { readonly ok: true; readonly command: readonly string[]; readonly folder: string }

/** What a start runs: verified now, or refused with the name of the file; undefined when it is not stored. */
export function findStored(wanted: WantedPackage, root: string): string | StoredProgram | undefined | StoreRefused {
  const reading = readLock(lockPath(root))
  if (!reading.ok) return reading
  const key = keyFor(wanted, reading.lock)
  const stored = key === undefined ? undefined : reading.lock.packages[key]
  if (stored === undefined) return undefined
  const verified = verifyStored(root, stored)
  const folder = join(root, stored.folder)
  if (verified.ok && stored.ecosystem === 'pypi') return pythonCommand(stored, folder, wanted.bin)
  if (verified.ok) return join(folder, 'node_modules', stored.name)
  return tampered(key ?? '', verified)
}

/** A change of the register, unless what it would put in force for a server is no longer what was stored. */
export function wholeOrRefused(root: string, made: Changed, name: string): Changed {
  if (!made.ok) return made
  const key = made.lock.servers[name]?.active ?? ''
  const stored = made.lock.packages[key]
  const verified = stored === undefined ? undefined : verifyStored(root, stored)
  return verified?.ok === false ? tampered(key, verified) : made
}

function tampered(key: string, { file, why }: Verified & { readonly ok: false }): StoreRefused {
  const wayOut = 'look at that file; `sallyport server add` installs the package anew'
  return { ok: false, reason: `${key} is not what was stored: ${file} ${why}`, wayOut }
}

/** An exact version is that version and no other; anything looser is the one in force, if it fits. */
function keyFor(wanted: WantedPackage, lock: LockFile): string | undefined {
  const { ecosystem, version } = wanted
  const name = ecosystem === 'pypi' ? pypiName(wanted.name) : wanted.name
  const exact = version === undefined ? null : ecosystem === 'npm' ? valid(version) : exactOf(version)
  if (exact !== null) return `${ecosystem}:${name}@${exact}`
  const active = Object.values(lock.servers)
    .map(server => ({ key: server.active, stored: lock.packages[server.active] }))
    .filter(({ stored }) => stored?.ecosystem === ecosystem && stored.name === name)
  const isRange = version !== undefined && validRange(version) !== null
  return active.find(({ stored }) => !isRange || satisfies(stored?.version ?? '', version))?.key
}

/** PyPI has versions that semver has no name for, and runners of its packages know one tag. */
function exactOf(version: string): string | null {
  return version === 'latest' ? null : version
}
