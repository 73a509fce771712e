import { join } from 'node:path'
import { stringify } from 'yaml'
import type { ServerConfig } from '../config/config.ts'
import type { ServerName } from '../core/brand.ts'
import { folderOf } from '../gateway/launcher.ts'
import { stateFolder } from '../gateway/state-folder.ts'
import { composeFile } from '../sandbox/compose.ts'
import { firejailProfile } from '../sandbox/firejail.ts'
import type { Machine } from '../sandbox/machine.ts'
import { readPermission } from '../sandbox/permission.ts'
import { removeCovers } from '../sandbox/pins.ts'
import type { Plan } from '../sandbox/plan.ts'
import { presetFor } from '../sandbox/preset.ts'
import { knownServers } from '../sandbox/presets.generated.ts'
import { resolvePlan, withPins } from '../sandbox/resolve-plan.ts'
import { seatbeltProfile } from '../sandbox/seatbelt.ts'
import { systemdUnit } from '../sandbox/systemd.ts'
import type { Written } from '../sandbox/target.ts'
import { chooseTier } from '../sandbox/tier.ts'
import { findStored } from '../trust/find-stored.ts'

export const targets = ['document', 'bubblewrap', 'seatbelt', 'compose', 'systemd', 'firejail'] as const
export type Target = (typeof targets)[number]

export type Local = ServerConfig & { readonly connect: { readonly kind: 'command' } }

/** Whether it runs here, where a sandbox can hold it. */
export function isLocal(server: ServerConfig): server is Local {
  return server.connect.kind === 'command'
}

export function isTarget(value: unknown): value is Target {
  return targets.some(target => target === value)
}

/** Of a server, what its permission document follows from. */
type Documented = Pick<ServerConfig, 'permissions'> & {
  readonly name?: ServerName
  readonly connect: { readonly command: readonly string[]; readonly cwd: string }
}

/** The permission document that a server starts with, and where it comes from. */
export function documentFor({ name, permissions, connect }: Documented): {
  readonly document: unknown
  readonly source: string
  /** What a preset says of its server. */
  readonly about?: string
} {
  if (permissions !== undefined) return { document: permissions, source: 'configuration' }
  const { command, cwd } = connect
  const state = name === undefined ? '<state>' : folderOf(join(stateFolder(), 'servers'), name)
  const preset = presetFor(knownServers, { command, cwd, stateFolder: state })
  if (preset === undefined) return { document: {}, source: 'strict default' }
  return { document: preset.permissions, source: `preset ${preset.package}`, about: preset.about }
}

type Wish = { readonly target: Target; readonly machine: Machine; readonly image: string | undefined }

/** A server's permissions in the language of another sandbox. Secrets are named there and never written. */
export async function writtenFor(server: Local, { target, machine, image }: Wish): Promise<Written> {
  const { command, cwd } = server.connect
  const reading = readPermission(documentFor(server).document, { cwd, home: machine.home })
  if (!reading.ok) {
    const [first] = reading.problems
    return { ok: false, reason: `permissions.${first?.at}: ${first?.text}`, wayOut: 'Correct the document' }
  }
  if (target === 'document') return { ok: true, text: documentText(server), losses: [] }
  const { permission } = reading
  const env = Object.fromEntries([...server.connect.env.keys()].map(name => [name, withheld]))
  const wish = { server: server.name, command, cwd: permission.cwd ?? cwd, env, permission }
  const search = { cwd, home: machine.home, path: process.env['PATH'] ?? '', node: process.execPath }
  const findPackage = (wanted: Parameters<typeof findStored>[0]) => findStored(wanted, join(stateFolder(), 'packages'))
  const means = { machine, search, findPackage, findSecret: async () => withheld }
  const planned = await resolvePlan(wish, means)
  return planned.ok ? write(planned.plan, { target, machine, image }) : planned
}

/** As it stands in a configuration, to begin from: permissions that are written there take the place of a preset. */
function documentText(server: Local): string {
  const { document, source } = documentFor(server)
  const text = stringify({ servers: { [server.name]: { permissions: document } } }, { lineWidth: 0 })
  return `# from the ${source}\n${text}`
}

/** Stands where a secret would: no target may write one down. */
const withheld = '(withheld)'

function write(plan: Plan, { target, machine, image }: Wish & { target: Exclude<Target, 'document'> }): Written {
  switch (target) {
    case 'bubblewrap':
      return bubblewrapText(plan, machine)
    case 'seatbelt':
      return seatbeltProfile(plan)
    case 'compose': {
      if (image === undefined) return { ok: false, reason: 'no image is named', wayOut: 'Add --image NAME@sha256:…' }
      return composeFile(plan, { reference: image, uid: machine.uid, gid: machine.gid })
    }
    case 'systemd':
      return systemdUnit(plan)
    case 'firejail':
      return firejailProfile(plan)
    default:
      return target satisfies never
  }
}

/** The wrapper's whole command, an argument a line; the filter for system calls is bytes, and only named. */
function bubblewrapText(plan: Plan, machine: Machine): Written {
  // Where a start hands over descriptors, a person is shown the paths.
  const shown = machine.bubblewrap.ok ? { ...machine.bubblewrap, canBindDescriptors: false } : machine.bubblewrap
  const chosen = chooseTier(plan, { ...machine, bubblewrap: shown }, { accept: ['full'] })
  if (!chosen.ok) return chosen
  const { plan: pinned, covers } = withPins(plan)
  // Covers are made for a start; here nothing starts.
  removeCovers(covers)
  const compiled = chosen.compile(pinned, undefined)
  if (!compiled.ok) return compiled
  const { launch, losses } = compiled
  const options = Buffer.from(launch.inputs[0] ?? [])
    .toString('utf8')
    .split('\0')
    .filter((option, index, all) => option !== '' || index < all.length - 1)
  const words = launch.args.flatMap((word, index, all) =>
    word === '--args' ? options : all[index - 1] === '--args' ? [] : [word],
  )
  const hosts = plan.hosts.length === 0 ? [] : ['net.hosts: dials are judged only when the gateway starts it']
  return { ok: true, text: [launch.command, ...words].map(quoted).join(' \\\n  '), losses: [...losses, ...hosts] }
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
