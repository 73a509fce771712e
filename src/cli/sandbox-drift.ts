import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { auditLogDefaults, openAuditLog } from '../audit/log.ts'
import { redactText } from '../audit/redact.ts'
import type { Config } from '../config/config.ts'
import { localTenant } from '../core/brand.ts'
import { drift } from '../egress/smallest-document.ts'
import { type Drift, documentOf, lineOf } from '../gateway/document-line.ts'
import { secretSources } from '../gateway/launcher.ts'
import { observeServer } from '../gateway/observe-server.ts'
import { stateFolder } from '../gateway/state-folder.ts'
import { version } from '../gateway/version.ts'
import { watchful } from '../gateway/watchful.ts'
import { dangerOfPath } from '../sandbox/danger.ts'
import { hostsOf, type Permission, readPermission } from '../sandbox/permission.ts'
import { probeMachine } from '../sandbox/probe.ts'
import { say } from './find-config.ts'
import type { ExitCode } from './program.ts'
import { byCalls, callsIn, preparing, quietEgress, tooShort } from './sandbox-learn.ts'
import { documentFor, type Local } from './sandbox-target.ts'
import { print, printJson } from './say.ts'

export type DriftWish = { readonly calls?: string; readonly json?: boolean }

/** `sallyport sandbox drift SERVER`: what a server wanted beyond its document, with the line to add; each is recorded. */
export async function showDrift(server: Local, config: Config, wish: DriftWish): Promise<ExitCode> {
  const calls = wish.calls === undefined ? undefined : callsIn(wish.calls)
  if (typeof calls === 'string') return wrong(calls)
  const { command, cwd } = server.connect
  const place = { command, home: homedir(), code: [] }
  const { document } = documentFor(server)
  const reading = readPermission(document, { cwd, home: place.home })
  if (!reading.ok) return wrong(`permissions.${reading.problems[0]?.at}: ${reading.problems[0]?.text}`)
  const { permission } = reading
  const env = await revealed(server)
  if (typeof env === 'string') return wrong(env)
  const log = openRecord(config)
  const audit = watchful(log, say)
  const egress = quietEgress(event => audit.append(event))
  try {
    const start = {
      name: server.name,
      command,
      cwd,
      env,
      permissions: { ...jsonOf(permission), files: jsonOf(permission.files) },
    }
    const played = byCalls(calls, { path: samplePath(permission, cwd), isReaching: permission.net !== 'none' })
    const machine = await probeMachine({ asksEngine: false })
    const watched = await observeServer(start, { machine, prepare: preparing(), egress, exercise: played.play })
    if (!watched.ok) return wrong(`${server.name}: ${watched.reason}. ${watched.wayOut}`)
    const found = driftsOf(permission, watched.wished, place)
    for (const { kind, value, because } of found)
      await audit.append({
        ...{ kind: 'server', atMs: Date.now(), tenant: localTenant, server: server.name, severity: 'high' },
        details: {
          event: redactText('drift'),
          what: redactText(kind),
          value: redactText(value),
          why: redactText(because),
        },
      })
    const code = shown(server, found, wish)
    return code === 0 && !played.isWhole() ? tooShort() : code
  } finally {
    await egress.close()
    await log.close()
  }
}

function openRecord({ audit, policy }: Config) {
  const folder = audit.folder === '' ? join(stateFolder(), 'audit') : audit.folder
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const rotateBytes = audit.rotateMiB * 1024 * 1024
  const retention = { ...auditLogDefaults.retention, keepDays: audit.keepDays }
  const about = { version: redactText(version), mode: redactText(policy.mode) }
  return openAuditLog({ folder, mode: audit.sync, rotateBytes, retention, about })
}

/** A document as plain JSON: what the schema filled in is written out. */
function jsonOf<T extends object>(value: T) {
  return JSON.parse(JSON.stringify(value))
}

async function revealed({ name, connect }: Local): Promise<Record<string, string> | string> {
  const env: Record<string, string> = {}
  for (const [variable, secret] of connect.env) {
    const found = await secret.reveal(secretSources)
    if (!found.ok) return `${name}: ${variable}: ${found.text}`
    env[variable] = found.text
  }
  return env
}

function samplePath({ files }: Permission, cwd: string): string {
  return [...files.read, ...files.write].find(path => existsSync(path)) ?? cwd
}

/** What was wanted and is not in the document. A name that was asked for is told only where no dial tells it already. */
function driftsOf(
  permission: Permission,
  wished: Parameters<typeof drift>[1],
  place: Parameters<typeof drift>[2],
): readonly Drift[] {
  const rules = hostsOf(permission)
  const document = documentOf(permission, place.command, wished)
  const found = drift(document, wished, place).filter(({ kind }) => kind !== 'child' || permission.children !== 'any')
  const told = [...rules.map(({ name }) => name), ...found.map(({ value }) => value.replace(/:\d+$/u, ''))]
  const isTold = (name: string) =>
    told.some(other => other === name || (other.startsWith('*.') && name.endsWith(other.slice(1))))
  const names = [...wished.names].filter(([name]) => !isTold(name))
  return [...found, ...names.map(([value, because]) => ({ kind: 'name', value, because }) as const)]
}

function shown({ name }: Local, found: readonly Drift[], { json }: DriftWish): ExitCode {
  if (json === true) printJson({ server: name, drift: found })
  else
    for (const one of found) {
      const { kind, value, because } = one
      const danger = kind === 'read' || kind === 'write' ? dangerOfPath(value, kind, homedir()) : undefined
      const wayOut =
        danger === undefined ? `to allow it, add ${lineOf(one)}` : `no document may allow it: it ${danger.why}`
      print(`${kind} ${JSON.stringify(value)} (${because}); ${wayOut}`)
    }
  if (found.length === 0) say(`${name} did nothing that its document does not allow`)
  return found.length === 0 ? 0 : 1
}

function wrong(text: string): ExitCode {
  say(text)
  return 2
}
