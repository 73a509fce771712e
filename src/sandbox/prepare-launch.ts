import { setTimeout as pause } from 'node:timers/promises'
import type { ServerName } from '../core/brand.ts'
import type { EgressPort, EgressRoom } from '../core/egress.ts'
import { isObject, type JsonObject } from '../core/json.ts'
import type { Launch, SandboxTier } from '../core/launch.ts'
import type { PinImage } from './engine-command.ts'
import { type Explanation, explainPermission } from './explain.ts'
import type { Machine } from './machine.ts'
import type { FindPackage } from './package-entry.ts'
import { type Permission, readPermission } from './permission.ts'
import { type Placeholder, removeCovers, removeUnused } from './pins.ts'
import type { Mount, Plan } from './plan.ts'
import { type Preset, presetFor } from './preset.ts'
import type { Refused } from './program.ts'
import { resolvePlan, withPins } from './resolve-plan.ts'
import type { FindSecret } from './secret-reference.ts'
import { stageFolder } from './staging.ts'
import { chooseTier, type TierOptions } from './tier.ts'

export type ServerStart = {
  readonly name: ServerName
  readonly command: readonly string[]
  readonly cwd: string
  /** What configuration says; a preset or the strict default where it says nothing. */
  readonly permissions?: unknown
  /** Variables that configuration gives to this server, as they are: no reference in them is followed. */
  readonly env: Readonly<Record<string, string>>
}

export type PrepareOptions = TierOptions & {
  /** PATH of the gateway, for finding programs. */
  readonly path: string
  /** The Node that runs packages when PATH has none. */
  readonly node: string
  /** A folder of this server's own, which presets may use to keep state; made by the caller, mode 0700. */
  readonly stateFolder?: string
  readonly presets?: readonly Preset[]
  /** Where copies of staged folders wait for review; this server's own. */
  readonly stagingFolder?: string
  readonly findPackage?: FindPackage
  readonly findSecret?: FindSecret
  readonly pinImage?: PinImage
  readonly egress?: EgressPort
}

export type Prepared =
  | {
      readonly ok: true
      readonly launch: Launch
      readonly permission: Permission
      /** Where the permissions came from: `configuration`, `preset <package>` or `strict default`. */
      readonly source: string
      readonly explain: Explanation
      /** What was asked for and this tier cannot hold, in words; shown and recorded. */
      readonly losses: readonly string[]
      /** Call when the process is gone, or was never started: closes the egress room and takes covers away. */
      readonly release: () => Promise<void>
    }
  | Refused

/** From a server's configuration and this machine to a complete start, or to a refusal with a reason and a way out. */
export async function prepareLaunch(server: ServerStart, machine: Machine, options: PrepareOptions): Promise<Prepared> {
  const { document, source } = documentOf(server, options)
  const reading = readPermission(document, { cwd: server.cwd, home: machine.home })
  if (!reading.ok) {
    const [first] = reading.problems
    const more = reading.problems.length > 1 ? ` (and ${reading.problems.length - 1} more)` : ''
    return {
      ok: false,
      reason: `permissions of ${server.name}: ${first?.at}: ${first?.text}${more}`,
      wayOut: 'correct it',
    }
  }
  const { permission } = reading
  const stranger = strangerTo(permission, server)
  if (stranger) return stranger
  const search = { cwd: server.cwd, home: machine.home, path: options.path, node: options.node }
  const { findPackage = () => undefined, findSecret = async () => undefined, pinImage } = options
  const wish = { ...server, server: server.name, cwd: permission.cwd ?? server.cwd, permission }
  const planned = await resolvePlan(wish, { machine, search, findPackage, findSecret, pinImage })
  if (!planned.ok) return planned
  const staged = permission.files.staging ? stagedPlan(planned.plan, options) : planned
  if (!staged.ok) return staged
  const tier = chooseTier(staged.plan, machine, options)
  if (!tier.ok) return tier
  if (permission.files.staging && tier.tier !== 'full' && tier.tier !== 'container')
    return { ok: false, reason: `the ${tier.tier} tier cannot stage writes`, wayOut: 'set files.staging: false' }
  const room = await roomFor(server.name, staged.plan, { tier: tier.tier, egress: options.egress })
  if (!room.ok) return room
  const isPinned = tier.tier !== 'none' && !permission.files.staging
  const { plan, covers } = isPinned ? withPins(staged.plan) : { plan: staged.plan, covers: [] }
  // Once, however often it is asked for: the stand-ins are counted, and another server's would be let go.
  let released: Promise<void> | undefined
  const release = () => {
    released ??= Promise.all([takeAway(covers), room.room?.close()]).then(() => undefined)
    return released
  }
  const compiled = tier.compile(plan, room.room)
  if (compiled.ok)
    return {
      ...compiled,
      launch: withOutput(compiled.launch, permission),
      losses: [...compiled.losses, ...imageLoss(plan)],
      permission,
      source,
      explain: explainPermission(permission),
      release,
    }
  await release()
  return compiled
}

const takeAwayTries = { count: 5, pauseMs: 100 } as const

/** The server's own root goes a moment after its process; what is mounted after that is another server's. */
async function takeAway(covers: readonly Placeholder[]): Promise<void> {
  let left = removeCovers(covers)
  for (let i = 0; i < takeAwayTries.count && left.length > 0; i++) {
    await pause(takeAwayTries.pauseMs)
    left = removeUnused(left)
  }
}

/** Puts a copy in the place of each writable folder; what the server changes in it waits for review. */
function stagedPlan(
  plan: Plan,
  { stagingFolder }: PrepareOptions,
): { readonly ok: true; readonly plan: Plan } | Refused {
  if (stagingFolder === undefined)
    return { ok: false, reason: 'there is no folder for staged copies', wayOut: 'set files.staging: false' }
  const write: Mount[] = []
  for (const mount of plan.write) {
    const staged = stageFolder(mount, stagingFolder)
    if (!staged.ok) return staged
    write.push({ path: mount.path, from: staged.stage.copy })
  }
  return { ok: true, plan: { ...plan, write } }
}

function documentOf(server: ServerStart, { presets = [], stateFolder }: PrepareOptions) {
  if (server.permissions !== undefined) return { document: server.permissions, source: 'configuration' }
  const preset = presetFor(presets, { command: server.command, cwd: server.cwd, stateFolder })
  if (preset) return { document: givingWay(preset.permissions, server.env), source: `preset ${preset.package}` }
  return { document: {}, source: 'strict default' }
}

/** What a person gives to a server goes before what its preset would. */
function givingWay(permissions: JsonObject, given: ServerStart['env']): JsonObject {
  const env = permissions['env']
  if (!isObject(env)) return permissions
  return { ...permissions, env: Object.fromEntries(Object.entries(env).filter(([name]) => !(name in given))) }
}

function imageLoss({ notHeld }: Plan): string[] {
  return notHeld === undefined ? [] : [`its image is not held by digest: ${notHeld}`]
}

/** A document that was written, reviewed or signed for one command gives nothing to another. */
function strangerTo({ command }: Permission, server: ServerStart): Refused | undefined {
  const isSame = command === undefined || JSON.stringify(command) === JSON.stringify(server.command)
  if (isSame) return undefined
  const reason = `the permissions of ${server.name} were written for another command`
  return { ok: false, reason, wayOut: 'review them for the new command, or start the old one' }
}

type Roomed = { readonly ok: true; readonly room: EgressRoom | undefined } | Refused

/** Read by whoever reads the pipe: no system counts what a process prints. */
function withOutput(launch: Launch, { limits }: Permission): Launch {
  const output = { lineBytes: limits.lineMiB * mebi, bytesPerMinute: limits.outputMiBPerMin * mebi }
  return { ...launch, output }
}

const mebi = 1024 * 1024

type Need = { readonly tier: SandboxTier; readonly egress: EgressPort | undefined }

async function roomFor(name: ServerName, { hosts }: Plan, { tier, egress }: Need): Promise<Roomed> {
  if (hosts.length === 0 || tier === 'none') return { ok: true, room: undefined }
  const wayOut = 'set net: none, or run the gateway where it can make network namespaces'
  if (egress === undefined)
    return { ok: false, reason: `${name} declares hosts, and nothing here can judge its dials`, wayOut }
  try {
    return { ok: true, room: await egress.open(name, hosts) }
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    return { ok: false, reason: `the network of ${name} could not be made: ${detail}`, wayOut }
  }
}
