import { join } from 'node:path'
import { auditLogDefaults, openAuditLog } from '../audit/log.ts'
import { redactText } from '../audit/redact.ts'
import type { Config, ServerConfig } from '../config/config.ts'
import { localTenant, type ServerName } from '../core/brand.ts'
import type { Tool } from '../core/capability.ts'
import type { SandboxTier } from '../core/launch.ts'
import type { PinPort, PinSubject } from '../core/pin.ts'
import type { AuditEvent, AuditPort } from '../core/port.ts'
import { SessionStore } from '../store/session-store.ts'
import { openPinStore, type PinChange } from '../trust/pin-store.ts'
import { visible } from '../trust/surface-diff.ts'
import type { WireOddity } from '../wire/link.ts'
import { newDenialWatch } from './denial-watch.ts'
import type { Grants } from './document-line.ts'
import { newEffectWatch } from './effect-watch.ts'
import type { Ruling } from './judge.ts'
import { type KeptState, openKeptState } from './kept-state.ts'
import { type Launched, type Launcher, newLauncher } from './launcher.ts'
import { lazyEgress } from './lazy-egress.ts'
import { oddityBudget } from './oddity-budget.ts'
import { newPowerWatch } from './power-watch.ts'
import { stateFolder } from './state-folder.ts'
import type { UpstreamState } from './upstream.ts'
import { version } from './version.ts'
import { watchful } from './watchful.ts'
import { newWithheldStore, type WithheldStore } from './withheld-store.ts'

export type Ports = {
  readonly folder: string
  readonly audit: AuditPort
  readonly sessions: SessionStore
  readonly pins: PinPort
  readonly kept: KeptState
  readonly launcher: Launcher
  readonly withheld: WithheldStore
  /** Records what became of a server's connection. */
  recordState(server: ServerName, state: UpstreamState): void
  /** Holds a whole list of tools against what its server may do. */
  onListed(server: ServerName, tools: readonly Tool[]): void
  /** Looks in what servers answer for what they say they were refused. */
  onRuling(ruling: Ruling): void
  /** Records what could not be accepted on a wire. */
  recordOddity(server: ServerName | undefined, what: WireOddity): void
  close(): Promise<void>
}

export type PortOptions = {
  readonly config: { readonly audit: Config['audit']; readonly policy: Pick<Config['policy'], 'mode'> }
  readonly accept: readonly SandboxTier[]
  /** Sentences for people: trouble with a store, a sandbox that is weaker than asked. */
  say(text: string): void
  /** Where a person would give a server more. */
  readonly grants?: Grants
}

/** Opens the record, the sessions and the sandbox on this machine's state folder. */
export function openPorts({ config, accept, say, grants = 'document' }: PortOptions): Ports {
  const folder = stateFolder()
  const auditFolder = config.audit.folder === '' ? join(folder, 'audit') : config.audit.folder
  const log = openAuditLog({
    folder: auditFolder,
    mode: config.audit.sync,
    rotateBytes: config.audit.rotateMiB * 1024 * 1024,
    retention: { ...auditLogDefaults.retention, keepDays: config.audit.keepDays },
    about: { version: redactText(version), mode: redactText(config.policy.mode) },
  })
  const audit = watchful(log, say)
  const note = (event: Note) => tryAppend(audit, { ...event, atMs: Date.now(), tenant: localTenant })
  const onTrouble = (text: string) => {
    say(text)
    note(troubleEvent(text))
  }
  const sessions = new SessionStore({ path: join(folder, 'sessions.sqlite'), onTrouble })
  const kept = openKeptState(join(folder, 'state.sqlite'), onTrouble)
  const watches = openWatches({ record: note, say, grants })
  const egress = lazyEgress({ audit, folder, say, grants })
  const launcher = newLauncher({
    egress,
    stateFolder: join(folder, 'servers'),
    packagesFolder: join(folder, 'packages'),
    stagingFolder: join(folder, 'staging'),
    probeFile: join(folder, 'sandbox-probe.json'),
    accept,
    onLaunch: watches.launched,
  })
  const pins = openPinStore({
    folder: join(folder, 'pins'),
    onChange: (subject, changes) => {
      note(pinEvent(subject, changes))
      sayWaiting(say, subject, changes)
    },
  })
  return {
    folder,
    audit,
    sessions,
    pins,
    kept,
    launcher,
    withheld: newWithheldStore(join(folder, 'withheld')),
    onListed: watches.listed,
    onRuling: watches.ruled,
    recordState: (server, state) => note(stateEvent(server, state)),
    recordOddity: watches.odd,
    async close() {
      try {
        await watches.settled()
        await egress.close()
        sessions.close()
        kept.close()
      } finally {
        await log.close()
      }
    },
  }
}

/** What servers do, held against what they may. */
function openWatches(ports: { record(event: Note): void; say(text: string): void; readonly grants: Grants }) {
  const { record } = ports
  const effects = newEffectWatch(ports)
  const denials = newDenialWatch(ports)
  const powers = newPowerWatch(ports)
  const recordOddity = oddityBudget((server, what) => record(oddityEvent(server, what)))
  return {
    launched(server: ServerConfig, launched: Launched): void {
      record(launchEvent(server.name, launched))
      effects.started(server.name, launched.permission)
      powers.started(server.name, launched.powers)
      if (launched.launch.tier !== 'none') denials.started(server, launched)
    },
    listed: effects.listed,
    ruled: ({ message }: Ruling): void => denials.answered(message),
    odd(server: ServerName | undefined, what: WireOddity): void {
      recordOddity(server, what)
      if (what.code === 'stderr' && server !== undefined) denials.printed(server, what.sample)
    },
    settled: denials.settled,
  }
}

/** Nothing waits for these records, and calls are stopped elsewhere when the log cannot be written. */
function tryAppend(audit: AuditPort, event: AuditEvent): void {
  try {
    const settled = audit.append(event)
    if (settled !== undefined) void settled.catch(() => {})
  } catch {}
}

type Note = Omit<AuditEvent, 'atMs' | 'tenant'>

function launchEvent(server: ServerName, { launch, source, losses }: Launched): Note {
  const details = {
    event: redactText('launch'),
    tier: redactText(launch.tier),
    permissions: redactText(source),
    losses: losses.map(loss => redactText(loss)),
  }
  return { kind: 'server', server, severity: launch.tier === 'none' ? 'high' : 'info', details }
}

/** Items of one change that are named; how many there were is said of all. */
const pinsNamed = 50

function pinEvent({ server, trust }: PinSubject, changes: readonly PinChange[]): Note {
  const count = (wanted: PinChange['what']) => changes.filter(({ what }) => what === wanted).length
  const waiting = count('waiting')
  const details = {
    event: redactText('pinned'),
    trust: redactText(trust),
    approved: count('approved'),
    restored: count('restored'),
    waiting,
    items: changes.slice(0, pinsNamed).map(({ key, what, hash, why }) => ({
      item: redactText(key.slice(0, 300)),
      became: redactText(what),
      why: redactText(why),
      ...(hash === undefined ? {} : { digest: redactText(hash.slice(0, 12)) }),
    })),
  }
  return { kind: 'surface', server, severity: waiting > 0 ? 'high' : 'info', details }
}

const waitingSaid = 5

function sayWaiting(say: (text: string) => void, { server }: PinSubject, changes: readonly PinChange[]): void {
  const waiting = changes.filter(({ what }) => what === 'waiting')
  if (waiting.length === 0) return
  const names = waiting.slice(0, waitingSaid).map(({ key }) => visible(key.slice(0, 100)))
  const more = waiting.length > names.length ? ` and ${waiting.length - names.length} more` : ''
  const how = `see: sallyport pins diff ${server}`
  say(redactText(`${server}: left out until a person has looked: ${names.join(', ')}${more}; ${how}`))
}

function troubleEvent(text: string): Note {
  return { kind: 'gateway', severity: 'high', details: { event: redactText('trouble'), text: redactText(text) } }
}

function stateEvent(server: ServerName, state: UpstreamState): Note {
  const why = state.kind === 'broken' ? { why: redactText(state.why) } : {}
  const details = { event: redactText(state.kind), ...why }
  return { kind: 'server', server, severity: state.kind === 'broken' ? 'medium' : 'info', details }
}

function oddityEvent(server: ServerName | undefined, { code, detail, sample }: WireOddity): Note {
  const details = { code: redactText(code), detail: redactText(detail), sample: redactText(sample) }
  return {
    kind: 'wire',
    severity: code === 'stderr' ? 'info' : 'low',
    details,
    ...(server === undefined ? {} : { server }),
  }
}
