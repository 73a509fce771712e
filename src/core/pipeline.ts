import type { Finding } from './finding.ts'
import type { Guard, GuardFault, Scene } from './guard.ts'
import type { Json } from './json.ts'
import type { Kind, Message } from './message.ts'

export type Inspection = {
  readonly findings: readonly Finding[]
  /** Guard memories that changed, to be laid over the session's. */
  readonly memory: Readonly<Record<string, Json>>
  /** What changed of the memory beyond sessions, to be laid over `scene.shared` of the same tenant. */
  readonly shared: Readonly<Record<string, Json>>
}

/** Guards with their options, sorted by what they read once, so that a message meets only those that read its kind. */
export type Pipeline = ReadonlyMap<Kind, readonly Station[]>
type Station = { readonly guard: Guard; readonly options: Readonly<Record<string, unknown>> }

/** Guard id → values of its options; `false` switches a guard off. */
export type GuardSettings = Readonly<Record<string, Readonly<Record<string, unknown>> | false>>

export function pipelineOf(guards: readonly Guard[], settings: GuardSettings): Pipeline {
  const stations = new Map<Kind, Station[]>()
  for (const guard of guards) {
    const options = settings[guard.id]
    if (options === false) continue
    if (options === undefined) throw new Error(`guard ${guard.id} has no settings`)
    mustBeReady(guard, options)
    for (const kind of guard.reads) stations.set(kind, [...(stations.get(kind) ?? []), { guard, options }])
  }
  return stations
}

// A guard without its rules would find nothing for ever, and look like one that has nothing to find.
function mustBeReady(guard: Guard, options: Station['options']): void {
  const [fault] = guardFaults(guard, options)
  if (fault === undefined) return
  const text = `guard ${[guard.id, ...fault.path].join('.')} ${fault.text}`
  throw Object.assign(new Error(text), { code: 'guard-unready' })
}

/** What keeps a guard from judging with these options. */
export function guardFaults({ faults }: Guard, options: Station['options']): readonly GuardFault[] {
  return faults?.(options as never) ?? []
}

/** Which guards to run: all, or one half when the heavy ones run off the main thread. */
export type Share = 'all' | 'light' | 'heavy'

/** Runs every guard that reads this kind of message. A guard that breaks is itself a finding. */
export function inspect(pipeline: Pipeline, message: Message, view: { scene: Scene; share: Share }): Inspection {
  const findings: Finding[] = []
  const memory: Record<string, Json> = {}
  const shared: Record<string, Json> = {}
  for (const station of pipeline.get(message.body.kind) ?? []) {
    if (view.share !== 'all' && (view.share === 'heavy') !== (station.guard.isHeavy === true)) continue
    runStation(station, message, { scene: view.scene, findings, memory, shared })
  }
  return { findings, memory, shared }
}

type Notes = {
  scene: Scene
  findings: Finding[]
  memory: Record<string, Json>
  shared: Record<string, Json>
}

function runStation({ guard, options }: Station, message: Message, notes: Notes): void {
  const { scene, findings, memory, shared } = notes
  const before = scene.session.memory[guard.id] ?? guard.start
  try {
    const seen = guard.inspect(message, { options: options as never, scene, memory: before })
    for (const finding of seen.findings) findings.push(finding)
    if (seen.memory !== before) memory[guard.id] = seen.memory
    for (const key in seen.shared) shared[`${guard.id}/${key}`] = seen.shared[key] ?? null
  } catch (cause) {
    findings.push(failure(guard.id, cause))
  }
}

/** The finding that stands for a guard that broke: certain and critical, so that no policy lets the message pass. */
function failure(guard: string, cause: unknown): Finding {
  const name = cause instanceof Error ? cause.name : typeof cause
  return { rule: 'guard/failed', severity: 'critical', confidence: 'certain', at: '', facts: { guard, cause: name } }
}
