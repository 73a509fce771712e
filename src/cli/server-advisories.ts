import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type AdvisorySnapshot, advisoriesOfNpmAudit, readSnapshot } from '../trust/advisories.ts'
import { ageOf, installedOf, storeSnapshot, type Watched, watchAdvisories } from '../trust/advisory-watch.ts'
import { type LockFile, readLock, type StoredPackage } from '../trust/lock-file.ts'
import { askNpm } from '../trust/npm-ask.ts'
import { askOsv } from '../trust/osv-ask.ts'
import { lockPath } from '../trust/store-change.ts'
import { print, say } from './find-config.ts'
import type { ExitCode } from './program.ts'
import { printJson } from './say.ts'
import { failed } from './server-add.ts'

export type AdvisoriesAsked = {
  readonly update?: boolean
  readonly osv: string
  readonly from?: string
  readonly json?: boolean
}

/** `sallyport server advisories`: which installed servers have published flaws, and how old that knowledge is. */
export async function showAdvisories(root: string, asked: AdvisoriesAsked): Promise<ExitCode> {
  const reading = readLock(lockPath(root))
  if (!reading.ok) return failed(reading)
  const isUpdated = asked.update !== true && asked.from === undefined ? true : await update(root, reading.lock, asked)
  const now = Date.now()
  const watched = watchAdvisories(reading.lock, root, now)
  const age = ageOf(root, now)
  if (asked.json === true) printJson({ age, servers: watched })
  else {
    print(age)
    for (const line of watched.flatMap(linesOf)) print(line)
  }
  if (!isUpdated) return 3
  return watched.some(({ check }) => check.state === 'affected') ? 1 : 0
}

/** A server in one line, and what is wrong with it in one line each. */
export function linesOf({ server, check }: Watched): string[] {
  const flaws = check.found.map(
    ({ id, name, installed, severity, summary }) => `  ${id} (${severity}) ${name}@${installed}: ${summary}`,
  )
  return [`${server}: ${check.state} (${check.why})`, ...flaws]
}

/** What could not be asked stays as it was: an old list says of itself that it is old. */
async function update(root: string, lock: LockFile, { osv, from }: AdvisoriesAsked): Promise<boolean> {
  const stored = Object.values(lock.servers).flatMap(({ active }) => lock.packages[active] ?? [])
  const answer =
    from === undefined ? await askOsv(stored.flatMap(installedOf), { url: osv, nowMs: Date.now() }) : fileIn(from)
  if (!answer.ok) {
    say(`advisories were not updated: ${answer.reason}. The list that was here stays`)
    return false
  }
  const audited = await Promise.all(stored.map(each => npmAudit(root, each)))
  storeSnapshot(root, { ...answer.snapshot, advisories: [...answer.snapshot.advisories, ...audited.flat()] })
  return true
}

function fileIn(path: string): { ok: true; snapshot: AdvisorySnapshot } | { ok: false; reason: string } {
  const snapshot = readSnapshot(readFileSync(path, 'utf8'))
  return snapshot === undefined ? { ok: false, reason: `${path} is no list of advisories` } : { ok: true, snapshot }
}

/** The configured registry's own answer, where it has one; many mirrors do not. */
async function npmAudit(root: string, { ecosystem, folder }: StoredPackage) {
  if (ecosystem !== 'npm') return []
  const said = await askNpm(['audit', '--package-lock-only', '--omit=dev'], { cwd: join(root, folder) })
  return advisoriesOfNpmAudit(said) ?? []
}
