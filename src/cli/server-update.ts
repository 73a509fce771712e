import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServerName } from '../core/brand.ts'
import { isObject, type Json } from '../core/json.ts'
import { type PlayedCall, tryServer } from '../gateway/try-server.ts'
import { prepareLaunch } from '../sandbox/prepare-launch.ts'
import { probeMachine } from '../sandbox/probe.ts'
import { removeTree } from '../sandbox/remove-tree.ts'
import { shortLivedFolder } from '../store/short-lived-folder.ts'
import { defaultCalls, stableCalls } from '../trust/default-calls.ts'
import { findStored, wholeOrRefused } from '../trust/find-stored.ts'
import { type LockFile, readLock, type StoredPackage } from '../trust/lock-file.ts'
import { storePackage } from '../trust/package-store.ts'
import { promote, stageVersion } from '../trust/server-register.ts'
import { changeLock, lockPath, notePackage } from '../trust/store-change.ts'
import { auditStored } from '../trust/stored-audit.ts'
import { type Candidate, compareVersions, type Trial, type UpdateReport } from '../trust/update-report.ts'
import { auditFolder } from './audit-folder.ts'
import { print, say } from './find-config.ts'
import type { ExitCode } from './program.ts'
import { recordedCalls } from './recorded-calls.ts'
import { type RegistrySaid, registryFacts } from './registry-facts.ts'
import { printJson } from './say.ts'
import { failed, sourceOf, startWords, withDeeds } from './server-add.ts'

export type UpdateAsked = {
  readonly to: string
  readonly calls?: string
  readonly promote?: boolean
  readonly accept?: boolean
  readonly registry?: string
  readonly json?: boolean
}

/** Stages a version beside the one in force, tries both without credentials and network, and reports what changed. */
export async function updateServer(root: string, name: string, asked: UpdateAsked): Promise<ExitCode> {
  const before = readLock(lockPath(root))
  if (!before.ok) return failed(before)
  const old = activeOf(before.lock, name)
  if (isImage(before.lock, name))
    return failed({
      reason: `${name} is an image, and images are not tried beside each other`,
      wayOut: `sallyport server remove ${name}, then add it with --image`,
    })
  if (old === undefined)
    return failed({ reason: `there is no server ${name}`, wayOut: 'sallyport server list shows what there is' })
  const given = asked.calls === undefined ? undefined : callsIn(readFileSync(asked.calls, 'utf8'))
  const source = sourceOf(old.ecosystem, asked.registry)
  const stored = await storePackage({ name: old.name, spec: asked.to }, source, { root })
  if (!stored.ok) return failed(stored)
  const facts = await registryFacts(root, stored.stored, asked)
  if (!facts.ok) return failed(facts)
  const { known } = withDeeds(root, facts.known)
  const staged = changeLock({ root }, lock => {
    const noted = notePackage(lock, stored.key, known)
    return noted.ok ? stageVersion(noted.lock, name, stored.key) : noted
  })
  if (!staged.ok) return failed(staged)
  const calls = given ?? (await ownCalls(root, name, old))
  const report = compareVersions(
    await candidate(root, old.deeds === undefined ? withDeeds(root, old).known : old, calls),
    { ...(await candidate(root, known, calls)), warnings: warningsOf(facts.said) },
    calls,
  )
  tell(report, asked.json === true)
  if (asked.promote !== true) return report.recommendation === 'promote' ? 0 : 1
  const isAllowed = report.recommendation === 'promote' || (report.recommendation === 'review' && asked.accept === true)
  if (!isAllowed) {
    const wayOut = report.recommendation === 'review' ? 'look at it, then add --accept' : 'the old version stays'
    say(`not promoted: ${report.because}. ${wayOut}`)
    return 1
  }
  const tried = { from: keyOf(old), to: stored.key, nowMs: Date.now() }
  const promoted = changeLock({ root }, lock => wholeOrRefused(root, promote(lock, name, tried), name))
  if (!promoted.ok) return failed(promoted)
  say(`${name} is at ${stored.key}; sallyport rollback ${name} goes back`)
  return 0
}

function activeOf(lock: LockFile, name: string): StoredPackage | undefined {
  const server = Object.hasOwn(lock.servers, name) ? lock.servers[name] : undefined
  return server === undefined ? undefined : lock.packages[server.active]
}

function keyOf({ ecosystem, name, version }: StoredPackage): string {
  return `${ecosystem}:${name}@${version}`
}

const warningsMax = 20

/** What is known against a version, by lists and by its registry. */
function warningsOf({ advisories, reputation: { deprecated } }: RegistrySaid): string[] {
  const flaws = advisories.found.map(
    ({ id, name, installed, summary }) => `${id} names ${name}@${installed}: ${summary}`,
  )
  const isDeprecated = deprecated !== 'no' && deprecated !== 'unknown'
  return [...(isDeprecated ? [`deprecated: ${deprecated}`] : []), ...flaws].slice(0, warningsMax)
}

function isImage({ servers, images = {} }: LockFile, name: string): boolean {
  return Object.hasOwn(servers, name) && Object.hasOwn(images, servers[name]?.active ?? '')
}

const callsMax = 200

/** One call a line; what is none is left out, since a half-written line must not stop an update. */
function callsIn(text: string): PlayedCall[] {
  return text
    .split('\n')
    .slice(0, callsMax)
    .flatMap(line => {
      try {
        const value: Json = JSON.parse(line)
        const args = isObject(value) ? value['arguments'] : undefined
        return isObject(value) && typeof value['tool'] === 'string'
          ? [{ tool: value['tool'], arguments: isObject(args) ? args : {} }]
          : []
      } catch {
        return []
      }
    })
}

/**
 * Where nobody names calls: those that can be made of the surface alone and those that the record holds whole, as far as
 * the old version answers them alike twice.
 */
async function ownCalls(root: string, server: string, old: StoredPackage): Promise<readonly PlayedCall[]> {
  const shown = await trial(root, old, [])
  if (!shown.ok) return []
  const tools = shown.surface['tools'] ?? {}
  const calls = [...defaultCalls(tools), ...(await recordedCalls(await auditFolder(), { server, tools }))]
  if (calls.length === 0) return []
  const [once, again] = [await trial(root, old, calls), await trial(root, old, calls)]
  return once.ok && again.ok ? stableCalls(calls, once.answers, again.answers) : []
}

async function candidate(root: string, stored: StoredPackage, calls: readonly PlayedCall[]): Promise<Candidate> {
  return { stored, audit: auditStored(root, stored), trial: await trial(root, stored, calls) }
}

/** An empty folder is all that it may write, no host all that it may reach, and no variable of ours all that it gets. */
async function trial(root: string, stored: StoredPackage, calls: readonly PlayedCall[]): Promise<Trial> {
  const { path: room, remove } = shortLivedFolder('sallyport-trial-', removeTree)
  try {
    const command = [...startWords(stored), ...(takesFolder.test(stored.name) ? [room] : [])]
    const env = /server-memory$/u.test(stored.name) ? { MEMORY_FILE_PATH: join(room, 'memory.json') } : {}
    const permissions = { files: { read: [room], write: [room] }, env }
    const start = { name: 'trial' as ServerName, command, cwd: room, permissions, env: {} }
    const prepared = await prepareLaunch(start, await probeMachine(), {
      path: process.env['PATH'] ?? '',
      node: process.execPath,
      findPackage: wanted => findStored(wanted, root),
      accept: ['full', 'container', 'user'],
    })
    if (!prepared.ok) return { ok: false, reason: `${prepared.reason}. ${prepared.wayOut}` }
    try {
      return await tryServer(prepared.launch, calls)
    } finally {
      await prepared.release()
    }
  } finally {
    remove()
  }
}

/** Servers that end at once when they are given no folder. */
const takesFolder = /server-filesystem$/u

function tell(report: UpdateReport, isJson: boolean): void {
  if (isJson) {
    printJson(report)
    return
  }
  print(`${report.from} → ${report.to}: ${report.recommendation} (${report.because})`)
  for (const { what, text, isGrave } of report.changes) print(`  ${isGrave ? '!' : ' '} ${what}: ${text}`)
}
