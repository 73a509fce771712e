import type { ServerConfig } from '../config/config.ts'
import { type Secret, secretOf } from '../config/secret.ts'
import { auditOptions, serverOptions } from '../config/settings.ts'
import type { ServerName } from '../core/brand.ts'
import type { SandboxTier } from '../core/launch.ts'
import { defaultsOf } from '../core/option.ts'
import type { Trust } from '../core/pin.ts'
import { defaultPreset, presetSource } from '../policy/preset.ts'
import { type HeadStart, headStarts } from './head-start.ts'
import { localPrincipal } from './local-principal.ts'
import { openPorts, type Ports } from './open-ports.ts'
import { setupsOf } from './server-setup.ts'
import { tellOddity } from './tell-oddity.ts'

export type ExecService = {
  readonly command: readonly [string, ...string[]]
  readonly name: string
  readonly accept: readonly SandboxTier[]
  /** Names of variables of this environment that it gets. */
  readonly env?: readonly string[]
  readonly permissions?: Readonly<Record<string, unknown>>
  readonly work?: string
  readonly trust?: Trust
  say(text: string): void
}

/**
 * One stdio server, guarded with the defaults; needs no configuration, no YAML and no schema library to begin. The record
 * and the sandbox are loaded first and the server is started in it; what judges messages is loaded while it gets ready.
 */
export async function execServer(service: ExecService): Promise<number> {
  const { accept, say } = service
  const servers = new Map([serverFor(service)].map(server => [server.name, server]))
  const config = { audit: defaultsOf(auditOptions), policy: { mode: presetSource(defaultPreset).mode } }
  const ports = openPorts({ config, accept, say, grants: 'options' })
  const setups = setupsOf(servers, { launcher: ports.launcher, face: 'stdio' })
  const early = headStarts(setups, { who: localPrincipal(), oddity: tellOddity(ports, say) })
  await Promise.all([...early.values()].map(({ begun }) => begun))
  try {
    return await serve(service, { servers, ports, early })
  } finally {
    // What was begun does not outlive a gateway that could not be.
    await Promise.all([...early.values()].map(one => one.close()))
    await ports.close()
  }
}

type Begun = {
  readonly servers: ReadonlyMap<ServerName, ServerConfig>
  readonly ports: Ports
  readonly early: ReadonlyMap<ServerName, HeadStart>
}

async function serve({ work, say }: ExecService, { servers, ports, early }: Begun): Promise<number> {
  const [{ defaultConfig }, { guards }, { serveOverStdio }] = await Promise.all([
    import('../config/defaults.ts'),
    import('../guards/index.ts'),
    import('./serve-stdio.ts'),
  ])
  const config = { ...defaultConfig(guards), servers }
  return serveOverStdio({ config, ports, early, say, ...(work === undefined ? {} : { work }) })
}

function serverFor({ command, name, env = [], permissions, trust }: ExecService): ServerConfig {
  return {
    name: name as ServerName,
    connect: { kind: 'command', command, cwd: process.cwd(), env: new Map(env.map(variable)) },
    traits: { writers: 'unknown' },
    settings: { ...defaultsOf(serverOptions), ...(trust === undefined ? {} : { trust }) },
    effects: new Map(),
    permissions,
  }
}

function variable(name: string): [string, Secret] {
  const read = secretOf(`\${env:${name}}`, path => path)
  if (!read.ok) throw new TypeError(`no name of a variable: ${name.length} characters`)
  return [name, read.secret]
}
