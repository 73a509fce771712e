import { homedir } from 'node:os'
import { type ConfigFile, loadConfig } from '../config/load.ts'
import type { ServerName } from '../core/brand.ts'
import { guards } from '../guards/index.ts'
import { readPermission } from '../sandbox/permission.ts'
import { beyondDeclared, type SourceAudit } from '../trust/source-audit.ts'
import { documentFor } from './sandbox-target.ts'

/** What a source does beyond the permissions that its server would start with, and where those come from. */
export type DeclaredDifference = { readonly source: string; readonly beyond: readonly string[] }

type Server = {
  readonly name: string
  readonly command: readonly string[]
  readonly cwd: string
  /** Configuration that may name it. */
  readonly files: readonly ConfigFile[]
}

/** Compares with the configuration where it names the server, else with the preset, else with nothing at all. */
export async function declaredDifference(server: Server, audit: SourceAudit): Promise<DeclaredDifference> {
  const { document, source } = documentFor(await localFor(server))
  const reading = readPermission(document, { cwd: server.cwd, home: homedir() })
  if (!reading.ok) return { source, beyond: [`the permissions of the ${source} cannot be read`] }
  const { net, env, children } = reading.permission
  return { source, beyond: beyondDeclared(audit, { net, env, children }) }
}

async function localFor({ name, command, cwd, files }: Server) {
  const loaded = await loadConfig(files, guards)
  const configured = loaded.ok ? loaded.config.servers.get(name as ServerName) : undefined
  if (configured?.connect.kind === 'command') return { ...configured, connect: configured.connect }
  return { permissions: undefined, connect: { command, cwd } }
}
