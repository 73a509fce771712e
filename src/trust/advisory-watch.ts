import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  type AdvisoryCheck,
  type AdvisorySnapshot,
  checkAdvisories,
  type InstalledPackage,
  readSnapshot,
} from './advisories.ts'
import { writeAtomic } from './atomic-file.ts'
import { knownAdvisories } from './known-advisories.ts'
import type { LockFile, StoredPackage } from './lock-file.ts'

/** What is known of one installed server. */
export type Watched = { readonly server: string; readonly check: AdvisoryCheck }

/** Every package that came with a stored one. */
export function installedOf({ ecosystem, dependencies }: StoredPackage): InstalledPackage[] {
  return Object.entries(dependencies).map(([path, text]) => {
    const [, own, exact] = /^npm:(.+)@(.+)$/u.exec(text) ?? []
    return { ecosystem, name: own ?? path.split('node_modules/').at(-1) ?? path, version: exact ?? text }
  })
}

/** Each server of the lock against the lists that are here; asks nobody. */
export function watchAdvisories(lock: LockFile, root: string, nowMs: number): Watched[] {
  const snapshot = storedSnapshot(root)
  return Object.entries(lock.servers).map(([server, { active }]) => {
    const stored = lock.packages[active]
    return { server, check: stored === undefined ? unread : joined(installedOf(stored), snapshot, nowMs) }
  })
}

// No package of it was looked up: an image that holds a flaw must not be called clear.
const unread: AdvisoryCheck = { state: 'unknown', why: 'what is in an image is not read', found: [] }

/** What was fetched counts together with what ships: neither replaces the other. */
function joined(installed: InstalledPackage[], snapshot: AdvisorySnapshot | undefined, nowMs: number): AdvisoryCheck {
  const shipped = checkAdvisories(installed, knownAdvisories, nowMs)
  if (snapshot === undefined) return shipped
  const fetched = checkAdvisories(installed, snapshot, nowMs)
  if (shipped.state !== 'affected') return fetched
  const ids = new Set(fetched.found.map(({ id, name }) => `${id} ${name}`))
  const found = [...fetched.found, ...shipped.found.filter(({ id, name }) => !ids.has(`${id} ${name}`))]
  return { ...shipped, found }
}

const snapshotBytesMax = 64 * 1024 * 1024

/** The list that was fetched last; undefined when there is none that can be read. */
export function storedSnapshot(root: string): AdvisorySnapshot | undefined {
  const path = join(root, 'advisories.json')
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined || stats.size > snapshotBytesMax) return undefined
  return readSnapshot(readFileSync(path, 'utf8'))
}

export function storeSnapshot(root: string, snapshot: AdvisorySnapshot): void {
  writeAtomic(join(root, 'advisories.json'), `${JSON.stringify(snapshot)}\n`)
}

const dayMs = 86_400_000

/** How old the newest list is, in words. */
export function ageOf(root: string, nowMs: number): string {
  const fetched = storedSnapshot(root)
  const { takenAt } = fetched ?? knownAdvisories
  const days = Math.max(0, Math.floor((nowMs - Date.parse(takenAt)) / dayMs))
  const what = fetched === undefined ? 'the short list that ships' : 'the list'
  return `${what} is ${days} ${days === 1 ? 'day' : 'days'} old (${takenAt.slice(0, 10)})`
}
