import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { EgressPort } from '../core/egress.ts'
import type { JsonObject } from '../core/json.ts'
import type { Launch } from '../core/launch.ts'
import { createObservation, type Observation } from '../egress/observation.ts'
import { observeLaunch } from '../egress/observe-launch.ts'
import { type Evidence, type LearntDocument, smallestDocument } from '../egress/smallest-document.ts'
import type { Machine } from '../sandbox/machine.ts'
import { type PrepareOptions, prepareLaunch, type ServerStart } from '../sandbox/prepare-launch.ts'
import type { Refused } from '../sandbox/program.ts'
import { resolveDeclared } from '../sandbox/real-path.ts'
import { removeTree } from '../sandbox/remove-tree.ts'
import { shortLivedFolder } from '../store/short-lived-folder.ts'

export type Observing = {
  readonly machine: Machine
  readonly prepare: Omit<PrepareOptions, 'accept' | 'stagingFolder' | 'egress'>
  readonly egress: EgressPort
  /** Makes the server do what it does; the start is complete, and ends when this does. */
  readonly exercise: (launch: Launch) => Promise<void>
}

export type Watched = { readonly ok: true; readonly wished: Observation; readonly seen: Observation } | Refused

/**
 * Starts a server once, inside its sandbox and watched from outside. Whatever it writes goes to copies that are thrown
 * away, so that watching changes nothing. `wished` is what was refused to it although this machine has it.
 */
export async function observeServer(
  start: ServerStart & { readonly permissions: JsonObject & { readonly files: JsonObject } },
  { machine, prepare, egress, exercise }: Observing,
): Promise<Watched> {
  const folder = shortLivedFolder('sallyport-watch-', removeTree)
  try {
    const permissions = { ...start.permissions, files: { ...start.permissions.files, staging: true } }
    const options: PrepareOptions = { ...prepare, egress, accept: ['full'], stagingFolder: folder.path }
    const prepared = await prepareLaunch({ ...start, permissions }, machine, options)
    if (!prepared.ok) return prepared
    try {
      const { seen } = await observeLaunch(prepared.launch, exercise)
      return { ok: true, wished: wishesOf(seen), seen }
    } finally {
      await prepared.release()
    }
  } finally {
    folder.remove()
  }
}

// Whoever looks for keys is told of, whether or not this machine has any there.
const keys = /\/\.(?:ssh|aws|gnupg|kube|docker|netrc|git-credentials|vault-token|password-store)(?:\/|$)/u

/** What was refused and exists on this machine; the rest was looked for in vain, as it would be without a sandbox. */
function wishesOf(seen: Observation): Observation {
  const wished = createObservation()
  wished.isPartial = seen.isPartial
  for (const [path, { want, because }] of seen.refused) {
    if (want === 'read' && (existsSync(path) || keys.test(path))) wished.reads.set(path, because)
    if (want === 'write' && (existsSync(path) || existsSync(dirname(path)))) wished.writes.set(path, because)
    if (want === 'start' && isProgram(path)) wished.children.set(path, because)
  }
  for (const [host, because] of seen.hosts) wished.hosts.set(host, because)
  for (const [name, because] of seen.names) wished.names.set(name, because)
  return wished
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

export type Lesson = Omit<ServerStart, 'permissions'> & {
  /** A document to begin with: what it gives is given from the start. */
  readonly from: { readonly read: readonly string[]; readonly write: readonly string[] }
  /** Hosts that may really be reached while learning; dials of all others are noted and refused. */
  readonly hosts: readonly string[]
  readonly roundsMax: number
}

export type Learned =
  | {
      readonly ok: true
      readonly document: LearntDocument
      readonly evidence: readonly Evidence[]
      readonly leftOut: readonly Evidence[]
      readonly rounds: number
      readonly isPartial: boolean
    }
  | Refused

// Something has to be declared, or there would be no room in which dials are seen. Nobody can own this name.
const nobody = 'nothing.invalid:443'

/**
 * Learns by refusing: the server runs in the strict sandbox, what it was refused is given where it may be given, and it
 * runs again, until nothing new is refused. What comes out is enough, because the last round ran with it.
 */
export async function learnServer(lesson: Lesson, observing: Observing): Promise<Learned> {
  const { home } = observing.machine
  const all = createObservation()
  for (const [kind, paths] of [['reads', lesson.from.read] as const, ['writes', lesson.from.write] as const])
    for (const path of paths) all[kind].set(kind === 'writes' ? `${path}/.` : path, 'given from the start')
  const learntNow = () => givable(smallestDocument(all, { command: lesson.command, home, code: [] }), home)
  let learnt = learntNow()
  for (let round = 1; ; round++) {
    const { files, children } = learnt.document
    const permissions = {
      files: { read: files.read, write: files.write },
      net: { hosts: [...new Set([...lesson.hosts, nobody])] },
      children,
    }
    const { from: _, hosts: __, roundsMax, ...start } = lesson
    const watched = await observeServer({ ...start, permissions }, observing)
    if (!watched.ok) return watched
    takeOver(all, watched.wished)
    const next = learntNow()
    // A new host changes nothing for the next round: it is noted, and stays refused.
    const isNews = JSON.stringify([next.document.files, next.document.children]) !== JSON.stringify([files, children])
    learnt = next
    if (!isNews || round >= roundsMax) return { ok: true, ...learnt, rounds: round, isPartial: all.isPartial || isNews }
  }
}

function takeOver(all: Observation, wished: Observation): void {
  for (const kind of ['reads', 'writes', 'children', 'hosts'] as const)
    for (const [key, because] of wished[kind]) if (!all[kind].has(key)) all[kind].set(key, because)
  all.isPartial ||= wished.isPartial
}

type Learnt = ReturnType<typeof smallestDocument>

/** Moves what no document may give to what is left out, with the reason that a document would be refused for. */
function givable({ document, evidence, leftOut }: Learnt, home: string): Learnt {
  const dangers = new Map<string, string>()
  for (const access of ['read', 'write'] as const)
    for (const path of document.files[access]) {
      const resolved = resolveDeclared(path, access, home)
      if (!resolved.ok) dangers.set(`files.${access} ${path}`, resolved.why)
    }
  const dangerOf = ({ at, value }: Evidence) => dangers.get(`${at} ${value}`)
  const kept = evidence.filter(line => dangerOf(line) === undefined)
  const moved = evidence.flatMap(line => {
    const why = dangerOf(line)
    return why === undefined ? [] : [{ ...line, because: `${line.because}; ${why}` }]
  })
  const of = (at: string) => [...new Set(kept.filter(line => line.at === at).map(({ value }) => value))].sort()
  const files = { read: of('files.read'), write: of('files.write') }
  return { document: { ...document, files }, evidence: kept, leftOut: [...leftOut, ...moved] }
}
