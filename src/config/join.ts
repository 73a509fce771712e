import type { Guard } from '../core/guard.ts'
import { type Options, valuesOf } from '../core/option.ts'
import type { GuardSettings } from '../core/pipeline.ts'
import type { ConfigLayer } from './config.ts'
import type { Path } from './problem.ts'
import type { Written, WrittenServer } from './schema.ts'
import {
  approvalOptions,
  auditOptions,
  gatewayOptions,
  modelOptions,
  serverOptions,
  sessionsOptions,
} from './settings.ts'
import { type Loosening, laidOver, looseningsIn, wider } from './tighten.ts'

/** One file's content, and where it comes from. */
export type Part = { readonly layer: ConfigLayer; readonly path: string; readonly written: Written }

/** What all files say together, besides policy. */
export type Joined = {
  readonly guards: Readonly<Record<string, Values | false>>
  readonly servers: ReadonlyMap<string, JoinedServer>
  readonly principals: NonNullable<Written['principals']>
  readonly gateway: Values
  readonly audit: Values
  readonly sessions: Values
  readonly approval: Values
  readonly model: Values
}

export type JoinedServer = WrittenServer & { readonly from: Part }

type Values = Readonly<Record<string, unknown>>

/** A loosening, and whose. */
export type JoinProblem = Loosening & { readonly part: Part }

const nothing: Joined = {
  guards: {},
  servers: new Map(),
  principals: {},
  gateway: {},
  audit: {},
  sessions: {},
  approval: {},
  model: {},
}

/** Lays the parts over each other, strongest first; every part but the first of organisation and user only tightens. */
export function joinParts(
  parts: readonly Part[],
  guards: readonly Guard[],
): { joined: Joined; problems: JoinProblem[] } {
  const problems: JoinProblem[] = []
  let joined = nothing
  for (const [place, part] of parts.entries()) {
    const isFree = place === 0 && part.layer !== 'project'
    if (!isFree) for (const found of looseningsOf(part, joined, guards)) problems.push({ ...found, part })
    joined = over(joined, part, guards)
  }
  return { joined, problems }
}

/** Every guard's settings, complete. */
export function guardSettings(joined: Joined['guards'], guards: readonly Guard[]): GuardSettings {
  const entries = guards.map(({ id, options }) => {
    const set = Object.hasOwn(joined, id) ? joined[id] : undefined
    return [id, set === false ? false : valuesOf(options, set ?? {})] as const
  })
  return Object.fromEntries(entries)
}

const sections = {
  gateway: gatewayOptions,
  audit: auditOptions,
  sessions: sessionsOptions,
  approval: approvalOptions,
  model: modelOptions,
} as const
type Section = keyof typeof sections
const sectionNames: readonly Section[] = ['gateway', 'audit', 'sessions', 'approval', 'model']

function over(below: Joined, part: Part, guards: readonly Guard[]): Joined {
  const { written } = part
  const section = (name: Section): Values => laidOver(sections[name], below[name], written[name] ?? {})
  return {
    guards: guardsOver(below.guards, written, guards),
    servers: serversOver(below.servers, part),
    principals: { ...written.principals, ...below.principals },
    gateway: section('gateway'),
    audit: section('audit'),
    sessions: section('sessions'),
    approval: section('approval'),
    model: section('model'),
  }
}

function guardsOver(
  below: Joined['guards'],
  { guards: set = {} }: Written,
  guards: readonly Guard[],
): Joined['guards'] {
  const entries = guards.flatMap(({ id, options }) => {
    const wanted = settingOf(set, id)
    if (wanted === undefined) return []
    const old = below[id]
    return [[id, wanted === false ? false : laidOver(options, old === false ? {} : (old ?? {}), wanted)] as const]
  })
  return { ...below, ...Object.fromEntries(entries) }
}

function serversOver(below: Joined['servers'], part: Part): Joined['servers'] {
  const servers = new Map(below)
  for (const [name, server] of Object.entries(part.written.servers ?? {})) {
    const old = servers.get(name)
    if (old === undefined) servers.set(name, { ...server, from: part })
    else servers.set(name, { ...old, ...server, from: old.from, tools: toolsOver(old.tools, server.tools) })
  }
  return servers
}

type Tools = NonNullable<WrittenServer['tools']>

function toolsOver(old: Tools = {}, tools: Tools = {}): Tools {
  const allow = tools.allow ?? old.allow
  const deny = [...(old.deny ?? []), ...(tools.deny ?? [])]
  return { ...(allow && { allow }), ...(deny.length > 0 && { deny }) }
}

function looseningsOf(part: Part, joined: Joined, guards: readonly Guard[]): Loosening[] {
  return [
    ...guardLoosenings(part, joined, guards),
    ...serverLoosenings(part, joined),
    ...principalLoosenings(part, joined),
    ...sectionNames.flatMap(name => sectionLoosenings(name, part, joined)),
  ]
}

function guardLoosenings({ written }: Part, { guards: below }: Joined, guards: readonly Guard[]): Loosening[] {
  return guards.flatMap(({ id, options }) => {
    const path: Path = ['guards', id]
    const old = below[id]
    const wanted = settingOf(written.guards ?? {}, id)
    if (wanted === undefined || old === false) return []
    if (wanted === false) return [{ path, text: 'may not be switched off here; it belongs to the layer above' }]
    return looseningsIn(options, valuesOf(options, old ?? {}), { set: wanted, path })
  })
}

function serverLoosenings({ layer, written }: Part, { servers }: Joined): Loosening[] {
  return Object.entries(written.servers ?? {}).flatMap(([name, server]) => {
    const path: Path = ['servers', name]
    const old = servers.get(name)
    if (old === undefined) return layer === 'project' ? [{ path, text: newServer }] : []
    return [
      ...serverChanges(server, path),
      ...toolLoosenings(old.tools, server.tools, path),
      ...traits(old, server, path),
    ]
  })
}

const newServer =
  'a file found in a folder may not bring servers, since a cloned repository could start programs; if it is yours, name it with --config, or put this into your own configuration'

const fixed = ['command', 'url', 'cwd', 'env', 'headers', 'permissions', 'effects'] as const

function serverChanges(server: WrittenServer, path: Path): Loosening[] {
  const text = 'is set by the layer above and may not be changed here'
  return fixed.flatMap(key => (server[key] === undefined ? [] : [{ path: [...path, key], text }]))
}

function toolLoosenings(old: Tools = {}, tools: Tools = {}, path: Path): Loosening[] {
  return wider(old.allow, tools.allow ?? []).map(pattern => {
    return { path: [...path, 'tools', 'allow'], text: `allows ${pattern}, which the layer above does not` }
  })
}

function traits(old: WrittenServer, server: WrittenServer, path: Path): Loosening[] {
  return looseningsIn(serverOptions, valuesOf(serverOptions, { ...old }), { set: { ...server }, path })
}

function principalLoosenings({ layer, written }: Part, { principals }: Joined): Loosening[] {
  return Object.keys(written.principals ?? {}).flatMap(name => {
    const path: Path = ['principals', name]
    if (layer === 'project')
      return [
        {
          path,
          text: 'a file found in a folder may not let anybody in; if it is yours, name it with --config, or put this into your own configuration',
        },
      ]
    return Object.hasOwn(principals, name) ? [{ path, text: 'is set by the layer above' }] : []
  })
}

function sectionLoosenings(name: Section, { layer, written }: Part, joined: Joined): Loosening[] {
  const set = written[name]
  if (set === undefined) return []
  if (layer === 'project') return [{ path: [name], text: 'belongs to your own configuration, not to a project' }]
  const options: Options = sections[name]
  // What the organisation left open is the user's to choose.
  const decided = Object.fromEntries(Object.entries(set).filter(([key]) => Object.hasOwn(joined[name], key)))
  return looseningsIn(options, joined[name], { set: decided, path: [name] })
}

function settingOf(record: Values, key: string): Values | false | undefined {
  const value = Object.hasOwn(record, key) ? record[key] : undefined
  if (value === false || value === undefined) return value
  return typeof value === 'object' && value !== null ? { ...value } : undefined
}
