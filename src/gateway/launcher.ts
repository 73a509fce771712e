import { readFile } from 'node:fs/promises'
import { basename, join, relative, resolve, sep } from 'node:path'
import type { ServerConfig } from '../config/config.ts'
import type { SecretSources } from '../config/secret.ts'
import type { EgressPort } from '../core/egress.ts'
import type { Launch, SandboxTier } from '../core/launch.ts'
import { type Power, powerOf } from '../sandbox/credential-power.ts'
import type { PinImage } from '../sandbox/engine-command.ts'
import type { Machine } from '../sandbox/machine.ts'
import type { FindPackage } from '../sandbox/package-entry.ts'
import type { Permission } from '../sandbox/permission.ts'
import type { SecretReference } from '../sandbox/secret-reference.ts'
import { makeFolder } from '../store/make-folder.ts'
import { artefactIn } from '../trust/surface-identity.ts'
import { LinkError } from '../wire/link.ts'

export type LauncherOptions = {
  /** Where servers may keep state that presets grant them; one folder each. */
  readonly stateFolder: string
  /** Where packages are stored that were checked once; they start from there. */
  readonly packagesFolder?: string
  /** Where copies of writable folders wait for review; one folder for each server. */
  readonly stagingFolder?: string
  /** Where it is kept that a sandbox was tried on this machine and held. */
  readonly probeFile?: string
  /** Tiers that are good enough, strongest first. */
  readonly accept: readonly SandboxTier[]
  readonly egress?: EgressPort
  /** Told what each start can and cannot do. */
  onLaunch?(server: ServerConfig, launched: Launched): void
}

export type Launched = {
  readonly launch: Launch
  readonly permission: Permission
  /** `configuration`, `preset <package>` or `strict default`. */
  readonly source: string
  readonly losses: readonly string[]
  /** Credentials that it was given and that can do more than one server needs, by the variable or argument. */
  readonly powers: ReadonlyMap<string, Power>
  /** The stored version that was started, or the one that the command names; absent where nobody knows. */
  readonly artefact?: string
  readonly release: () => Promise<void>
}

/** Makes complete starts of configured servers: found, confined, with their secrets filled in at the last moment. */
export type Launcher = (server: ServerConfig) => Promise<Launched>

export const secretSources: SecretSources = {
  env: process.env,
  readFile: path => readFile(path, 'utf8'),
}

/** The sandbox is loaded when a server starts for the first time: a gateway of remote servers never needs it. */
export function newLauncher(options: LauncherOptions): Launcher {
  let machine: Promise<Machine> | undefined
  return async server => {
    if (server.connect.kind !== 'command') throw new TypeError(`${server.name} is no local program`)
    const { command, cwd } = server.connect
    const [{ prepareLaunch }, { knownServers }, { noteUse }, findPackage, pinImage] = await Promise.all([
      import('../sandbox/prepare-launch.ts'),
      import('../sandbox/presets.generated.ts'),
      import('../trust/last-use.ts'),
      finderFor(command, options.packagesFolder),
      pinnerFor(command, options.packagesFolder),
    ])
    let artefact = artefactIn(server.connect)
    const find: FindPackage = wanted => {
      const found = findPackage(wanted)
      // The store names a folder for what is in it: ecosystem, name, version, and a digest of the three.
      if (typeof found === 'string') artefact = relative(options.packagesFolder ?? '', found).split(sep)[0]
      return found
    }
    const pin: PinImage = words => {
      const pinned = pinImage(words)
      if (pinned?.ok !== true) return pinned
      if ('digest' in pinned) artefact = pinned.digest
      // Whoever wants to decide on everything a server shows has no use for one that can be another tomorrow.
      return 'notHeld' in pinned && server.settings.trust === 'manual' ? notHeld(pinned.notHeld) : pinned
    }
    machine ??= probe(options)
    const start = { name: server.name, command, cwd, permissions: server.permissions, env: await revealed(server) }
    const prepared = await prepareLaunch(start, await machine, {
      path: process.env['PATH'] ?? '',
      node: process.execPath,
      stateFolder: folderOf(options.stateFolder, server.name),
      ...(options.stagingFolder === undefined ? {} : { stagingFolder: folderOf(options.stagingFolder, server.name) }),
      presets: knownServers,
      findPackage: find,
      pinImage: pin,
      findSecret: reference => secretIn(reference, cwd),
      accept: options.accept,
      ...(options.egress === undefined ? {} : { egress: forServer(options.egress, server) }),
    })
    if (!prepared.ok) throw new LinkError('spawn-failed', `${prepared.reason}. ${prepared.wayOut}`)
    const { launch, permission, source, losses, release } = prepared
    if (options.packagesFolder !== undefined) noteUse(options.packagesFolder, server.name, Date.now())
    const powers = powersIn(launch.env, command)
    const named = artefact === undefined ? {} : { artefact }
    const launched = { launch, permission, source, losses, powers, release, ...named }
    options.onLaunch?.(server, launched)
    return launched
  }
}

/** A secret that a permission document refers to; paths start where those of the document do. */
async function secretIn({ store, name }: SecretReference, cwd: string): Promise<string | undefined> {
  if (store === 'env') return process.env[name]
  if (store !== 'file') return undefined
  return readFile(resolve(cwd, name), 'utf8').then(
    text => text.replace(/\r?\n$/u, ''),
    () => undefined,
  )
}

function powersIn(env: Launch['env'], command: readonly string[]): ReadonlyMap<string, Power> {
  const given = [...Object.entries(env), ...command.map((word, i): [string, string] => [`argument ${i}`, word])]
  return new Map(
    given.flatMap(([name, text]) => {
      const power = powerOf(text)
      return power === undefined || power.severity === 'info' ? [] : [[name, power] as const]
    }),
  )
}

/** `allowPrivate` is said of a server, so it holds for each host that the server declares, from its next start on. */
function forServer(egress: EgressPort, { settings: { allowPrivate } }: ServerConfig): EgressPort {
  if (!allowPrivate) return egress
  return {
    open: (name, hosts) =>
      egress.open(
        name,
        hosts.map(host => ({ ...host, mayBePrivate: true })),
      ),
  }
}

/**
 * What a person can do about a server that went: to it a refused file looks like none, and so it does to us. Only a
 * trace tells them apart.
 */
export function hintFor(server: ServerConfig | undefined, { hasRun }: { readonly hasRun: boolean }): string {
  if (!hasRun || server?.connect.kind !== 'command' || process.platform !== 'linux') return ''
  return '; if it worked without the sandbox: `sallyport sandbox learn -- COMMAND` shows what it was refused'
}

async function probe({ accept, probeFile }: LauncherOptions): Promise<Machine> {
  const [{ probeMachine }, { probeMemory }] = await Promise.all([
    import('../sandbox/probe.ts'),
    import('../sandbox/probe-memory.ts'),
  ])
  const memory = probeFile === undefined ? {} : { memory: probeMemory(probeFile) }
  // Where the strongest tier is accepted too, Landlock is tried only when that one cannot be had.
  const asksLandlock = accept.includes('reduced') && !accept.includes('full')
  return probeMachine({ asksEngine: accept.includes('container'), asksLandlock, ...memory })
}

const runners = new Set(['npx', 'pnpx', 'bunx', 'uvx', 'pipx', 'npm', 'pnpm', 'bun', 'yarn', 'uv'])

/** Looks packages up in the store; loaded only for a command that names a package. */
async function finderFor([program = '']: readonly string[], folder: string | undefined): Promise<FindPackage> {
  if (folder === undefined || !runners.has(basename(program))) return () => undefined
  const { findStored } = await import('../trust/find-stored.ts')
  return wanted => findStored(wanted, folder)
}

/** Holds images to the lock; loaded only for a command of an engine. Without a store no tag is held, and none starts. */
async function pinnerFor(command: readonly string[], folder: string | undefined) {
  const { isEngine } = await import('../sandbox/engine-command.ts')
  if (!isEngine(command)) return () => undefined
  const { startImage } = await import('../trust/image-start.ts')
  return (words: readonly string[]) => startImage(words, folder)
}

function notHeld(why: string) {
  const wayOut = 'start it as: docker run REPOSITORY@sha256:…, or set trust: scan for it'
  return { ok: false as const, reason: `its image is not held by digest: ${why}`, wayOut }
}

async function revealed({ name, connect }: ServerConfig): Promise<Record<string, string>> {
  const env: Record<string, string> = {}
  if (connect.kind !== 'command') return env
  for (const [variable, secret] of connect.env) {
    const found = await secret.reveal(secretSources)
    if (!found.ok) throw new LinkError('spawn-failed', `${name}: ${variable}: ${found.text}`)
    env[variable] = found.text
  }
  return env
}

/** A server's own folder inside one that all share. */
export function folderOf(root: string, name: string): string {
  const folder = join(root, name.replaceAll(/[^a-zA-Z0-9_-]/gu, '_'))
  makeFolder(folder)
  return folder
}
