import type { Redacted } from '../core/brand.ts'
import { isAtLeast } from '../core/finding.ts'
import type { AuditEvent } from '../core/port.ts'
import { redactText } from './redact.ts'

/** Something a person should look at. */
export type Alert = {
  readonly rule: AlertRule
  readonly severity: AuditEvent['severity']
  readonly atMs: number
  /** One sentence. */
  readonly text: Redacted
  /** What it is about; the same rule about the same thing is told once in a while, not each time. */
  readonly subject: string
  /** How often it happened since it was last told. */
  readonly times: number
  readonly event: AuditEvent
}

export type AlertRule =
  | 'audit-trouble' // records were refused, torn or tampered with
  | 'critical-finding'
  | 'block-burst' // one session is refused again and again
  | 'changed-surface' // a server offers something else than was approved
  | 'egress-denied'
  | 'egress-signs' // what went out, or was asked for, looks as if it carried data
  | 'drift' // a server wanted more than its permission document gives
  | 'new-host' // a server talks to a host for the first time
  | 'server-broken'
  | 'approval-burst' // one session asks and asks, to wear its person out
  | 'guard-failed'

export type AlertOptions = {
  /** The same rule about the same subject is told at most once in this time. */
  readonly quietMs: number
  readonly burst: { readonly count: number; readonly withinMs: number }
  /** Subjects remembered; the longest unused are forgotten first. */
  readonly subjectsMax: number
}

/** What is remembered, as plain data: it can be stored, and an old record can be replayed through it. */
export type AlertMemory = {
  readonly told: ReadonlyArray<readonly [key: string, told: Told]>
  readonly recent: ReadonlyArray<readonly [key: string, atMs: readonly number[]]>
  readonly hosts: ReadonlyArray<readonly [key: string, hosts: readonly string[]]>
}

type Told = { readonly atMs: number; readonly times: number }

export const alertDefaults: AlertOptions = {
  quietMs: 600_000,
  burst: { count: 5, withinMs: 60_000 },
  subjectsMax: 1000,
}

/** Turns events into alerts. Reads no clock and does no I/O: the same events give the same alerts. */
export type Alerter = {
  raise(event: AuditEvent): readonly Alert[]
  memory(): AlertMemory
}

/** An alerter that goes on from what an earlier one remembered. */
export function alerterOf(options: AlertOptions = alertDefaults, memory?: AlertMemory): Alerter {
  const state: State = {
    options,
    told: new Map(memory?.told),
    recent: new Map(memory?.recent),
    hosts: new Map(memory?.hosts),
  }
  return {
    raise: event => raise(event, state),
    memory: () => ({ told: [...state.told], recent: [...state.recent], hosts: [...state.hosts] }),
  }
}

function raise(event: AuditEvent, state: State): readonly Alert[] {
  let alerts: Alert[] | undefined
  for (const rule of rules) {
    const claim = rule(event, state)
    if (claim !== undefined) alerts = [...(alerts ?? []), ...tell(event, claim, state)]
  }
  return alerts ?? none
}

const none: readonly Alert[] = []

// Maps that this file alone changes: copying them for each event would make a flood of refusals expensive.
type State = {
  readonly options: AlertOptions
  readonly told: Map<string, Told>
  readonly recent: Map<string, readonly number[]>
  readonly hosts: Map<string, readonly string[]>
}

type Claim = {
  readonly rule: AlertRule
  readonly severity: Alert['severity']
  readonly subject: string
  readonly text: string
}
type Rule = (event: AuditEvent, state: State) => Claim | undefined

const rules: readonly Rule[] = [
  auditTrouble,
  criticalFinding,
  changedSurface,
  egressDenied,
  egressSigns,
  drifted,
  serverBroken,
  burst('block-burst', 'high', event => (isRefused(event) ? 'was refused' : undefined)),
  burst('approval-burst', 'medium', event => (verdictOf(event) === 'ask' ? 'asked for approval' : undefined)),
  newHost,
]

function auditTrouble({ kind, details }: AuditEvent): Claim | undefined {
  if (kind !== 'gateway') return undefined
  const subject = 'audit'
  if (details['event'] === 'touched')
    return {
      rule: 'audit-trouble',
      severity: 'critical',
      subject,
      text: 'An audit file was changed or removed while it was written.',
    }
  if (details['event'] === 'restored')
    return {
      rule: 'audit-trouble',
      severity: 'high',
      subject,
      text: `The audit log could not be written for a while; ${Number(details['refused'])} records were refused.`,
    }
  const torn = details['torn']
  if (details['event'] === 'start' && Array.isArray(torn) && torn.length > 0)
    return {
      rule: 'audit-trouble',
      severity: 'medium',
      subject,
      text: 'A process was killed while it wrote the audit log; half a record was set aside.',
    }
  return undefined
}

function criticalFinding(event: AuditEvent): Claim | undefined {
  const rule = rulesOf(event).includes('guard/failed') ? 'guard-failed' : 'critical-finding'
  if (rule !== 'guard-failed' && (event.kind === 'gateway' || !isAtLeast(event.severity, 'critical'))) return undefined
  const text = `${subjectOf(event)}: ${rulesOf(event).join(', ') || 'critical'} (${verdictOf(event) || 'seen'})`
  return { rule, severity: 'critical', subject: `${event.server ?? ''} ${rulesOf(event)[0] ?? ''}`, text }
}

function changedSurface(event: AuditEvent): Claim | undefined {
  const rules = rulesOf(event)
  // A name that its server never offered was made up by whoever called it: models do.
  const isMadeUp = event.kind !== 'surface' && rules.includes('allowlist/never-listed')
  const isPin = rules.some(rule => /^pins?\//u.test(rule) && !(isMadeUp && rule === 'pins/new'))
  const isStopped = isRefused(event) || ['ask', 'rewrite'].includes(verdictOf(event))
  if (!isPin && !(event.kind === 'surface' && isStopped)) return undefined
  const what = isPin ? 'offers something else than was approved' : 'offers something that was left out or refused'
  const text = `${event.server ?? 'A server'} ${what}.`
  return { rule: 'changed-surface', severity: 'high', subject: event.server ?? '', text }
}

function egressDenied(event: AuditEvent): Claim | undefined {
  if (event.kind !== 'egress' || !isRefused(event)) return undefined
  const host = hostOf(event) ?? 'an address'
  return {
    rule: 'egress-denied',
    severity: 'high',
    subject: `${event.server ?? ''} ${host}`,
    text: `${event.server ?? 'A server'} tried to reach ${host}.`,
  }
}

function egressSigns(event: AuditEvent): Claim | undefined {
  const { signs } = event.details
  if (event.kind !== 'egress' || isRefused(event) || !Array.isArray(signs)) return undefined
  if (!isAtLeast(event.severity, 'high')) return undefined
  const host = hostOf(event) ?? 'an address'
  const text = `${event.server ?? 'A server'} may carry data out through ${host} (${signs.join(', ')}).`
  return { rule: 'egress-signs', severity: 'high', subject: `${event.server ?? ''} ${host}`, text }
}

function drifted({ kind, server, details }: AuditEvent): Claim | undefined {
  if (kind !== 'server' || details['event'] !== 'drift') return undefined
  const { what, value } = details
  const text = `${server ?? 'A server'} wanted more than its permissions give: ${String(what)} ${String(value)}.`
  return { rule: 'drift', severity: 'high', subject: `${server ?? ''} ${String(what)} ${String(value)}`, text }
}

function serverBroken(event: AuditEvent): Claim | undefined {
  const state = event.details['event'] ?? event.details['state']
  if (event.kind !== 'server' || state !== 'broken') return undefined
  return {
    rule: 'server-broken',
    severity: 'medium',
    subject: event.server ?? '',
    text: `${event.server ?? 'A server'} is broken.`,
  }
}

function burst(rule: AlertRule, severity: Alert['severity'], what: (event: AuditEvent) => string | undefined): Rule {
  return (event, { recent, options }) => {
    const did = what(event)
    if (did === undefined) return undefined
    const key = `${rule} ${event.tenant} ${event.session ?? event.server ?? ''}`
    const { count, withinMs } = options.burst
    const times = [...(recent.get(key) ?? []), event.atMs].filter(ms => ms > event.atMs - withinMs).slice(-count)
    keep(recent, { key, value: times, max: options.subjectsMax })
    if (times.length < count) return undefined
    const text = `${subjectOf(event)} ${did} ${count} times within ${Math.round(withinMs / 1000)} s.`
    return { rule, severity, subject: key, text }
  }
}

function newHost(event: AuditEvent, { hosts, options }: State): Claim | undefined {
  const host = hostOf(event)
  const { what = 'dial' } = event.details
  if (event.kind !== 'egress' || isRefused(event) || host === undefined || event.server === undefined) return undefined
  // A name that was only asked for was not reached.
  if (what !== 'dial') return undefined
  const key = `${event.tenant} ${event.server}`
  const known = hosts.get(key) ?? []
  if (known.includes(host)) return undefined
  keep(hosts, { key, value: [...known, host].slice(-hostsMax), max: options.subjectsMax })
  const text = `${event.server} reached ${host} for the first time.`
  return { rule: 'new-host', severity: 'low', subject: `${key} ${host}`, text }
}

const hostsMax = 256

function tell(event: AuditEvent, claim: Claim, { told, options }: State): Alert[] {
  const key = `${claim.rule} ${claim.severity} ${claim.subject}`
  const last = told.get(key)
  const isQuiet = last !== undefined && event.atMs - last.atMs < options.quietMs
  const value = isQuiet ? { atMs: last.atMs, times: last.times + 1 } : { atMs: event.atMs, times: 0 }
  keep(told, { key, value, max: options.subjectsMax })
  if (isQuiet) return []
  const { rule, severity, subject, text } = claim
  const times = (last?.times ?? 0) + 1
  return [{ rule, severity, subject, text: redactText(text), atMs: event.atMs, times, event }]
}

/** Puts an entry at the young end of a map and drops the oldest beyond its bound. */
function keep<T>(map: Map<string, T>, { key, value, max }: { key: string; value: T; max: number }): void {
  map.delete(key)
  map.set(key, value)
  const [oldest] = map.size > max ? map.keys() : []
  if (oldest !== undefined) map.delete(oldest)
}

function hostOf({ details }: AuditEvent): string | undefined {
  const host = details['host'] ?? details['name']
  return typeof host === 'string' ? host : undefined
}

function verdictOf({ details }: AuditEvent): string {
  return typeof details['verdict'] === 'string' ? details['verdict'] : ''
}

function isRefused(event: AuditEvent): boolean {
  return ['block', 'refuse', 'deny', 'denied'].includes(verdictOf(event))
}

function rulesOf({ details }: AuditEvent): string[] {
  const { rules: list } = details
  return Array.isArray(list) ? list.map(rule => String(rule).replace(/^guard:/u, '')) : []
}

function subjectOf({ server, session, principal }: AuditEvent): string {
  return [principal, session, server].filter(Boolean).join(' / ') || 'Somebody'
}
