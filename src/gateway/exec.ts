import type { Config, ServerConfig } from '../config/config.ts'
import { defaultConfig } from '../config/defaults.ts'
import { type Secret, secretOf } from '../config/secret.ts'
import { serverOptions } from '../config/settings.ts'
import type { ServerName } from '../core/brand.ts'
import type { SandboxTier } from '../core/launch.ts'
import { defaultsOf } from '../core/option.ts'
import type { Trust } from '../core/pin.ts'
import { guards } from '../guards/index.ts'
import { serveOverStdio } from './serve-stdio.ts'

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

/** One stdio server, guarded with the defaults; needs no configuration, no YAML and no schema library to begin. */
export async function execServer(service: ExecService): Promise<number> {
  return serveOverStdio({ ...service, config: configFor(service), startsEarly: true, grants: 'options' })
}

function configFor({ command, name, env = [], permissions, trust }: ExecService): Config {
  const server: ServerConfig = {
    name: name as ServerName,
    connect: { kind: 'command', command, cwd: process.cwd(), env: new Map(env.map(variable)) },
    traits: { writers: 'unknown' },
    settings: { ...defaultsOf(serverOptions), ...(trust === undefined ? {} : { trust }) },
    effects: new Map(),
    permissions,
  }
  return { ...defaultConfig(guards), servers: new Map([[server.name, server]]) }
}

function variable(name: string): [string, Secret] {
  const read = secretOf(`\${env:${name}}`, path => path)
  if (!read.ok) throw new TypeError(`no name of a variable: ${name.length} characters`)
  return [name, read.secret]
}
