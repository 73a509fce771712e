import { isAtLeast, severities } from '../core/finding.ts'
import type { AuditKind } from '../core/port.ts'
import type { AuditRecord } from './chain.ts'

const kinds: Readonly<Record<AuditKind, true>> = {
  ...{ call: true, result: true, surface: true, wire: true, server: true },
  ...{ egress: true, approval: true, config: true, gateway: true },
}

/** Every kind of record there is. */
export const auditKinds: readonly string[] = Object.keys(kinds)

/** Which records are asked for; what is left out matches all. */
export type AuditFilter = {
  readonly sinceMs?: number
  readonly untilMs?: number
  readonly tenant?: string
  readonly session?: string
  readonly principal?: string
  readonly server?: string
  readonly tool?: string
  readonly kind?: string
  readonly verdict?: string
  /** This severity or a higher one. */
  readonly severity?: (typeof severities)[number]
  /** Somewhere in the record, whatever the case. */
  readonly text?: string
}

export function matches(record: AuditRecord, filter: AuditFilter): boolean {
  return (
    isWithin(record.time, filter) &&
    isSame(record.tenant_uid, filter.tenant) &&
    isSame(record.session_uid, filter.session) &&
    isSame(record.user_uid, filter.principal) &&
    isSame(record.server, filter.server) &&
    isSame(record.details['tool'], filter.tool) &&
    isSame(record.kind, filter.kind) &&
    isSame(record.details['verdict'], filter.verdict) &&
    isSevere(record.severity, filter.severity) &&
    holds(record, filter.text)
  )
}

function isWithin(time: number, { sinceMs, untilMs }: AuditFilter): boolean {
  return (sinceMs === undefined || time >= sinceMs) && (untilMs === undefined || time <= untilMs)
}

function isSame(value: unknown, wanted: string | undefined): boolean {
  return wanted === undefined || value === wanted
}

function isSevere(severity: string, floor: AuditFilter['severity']): boolean {
  if (floor === undefined) return true
  const known = severities.find(name => name === severity)
  // A severity nobody knows is shown rather than hidden.
  return known === undefined || isAtLeast(known, floor)
}

function holds(record: AuditRecord, text: string | undefined): boolean {
  return text === undefined || JSON.stringify(record).toLowerCase().includes(text.toLowerCase())
}
