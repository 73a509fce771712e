import { hash } from 'node:crypto'
import { isObject, type JsonObject } from '../core/json.ts'
import type { AuditDetails, AuditEvent } from '../core/port.ts'
import { printable } from './printable.ts'
import { fact } from './redact.ts'

/** The last record of a chain: everything before it is fixed by its fingerprint. */
export type Head = { readonly chain: string; readonly sequence: number; readonly fingerprint: string }

/** The end of a chain as somebody noted it, if that is what this is. */
export function headOf(value: unknown): Head[] {
  if (!isObject(value)) return []
  const { chain, sequence, fingerprint } = value
  const isHead = typeof chain === 'string' && typeof sequence === 'number' && typeof fingerprint === 'string'
  return isHead ? [{ chain, sequence, fingerprint }] : []
}

/** One line of the record as it is read back. Names are those of OCSF where it has one. */
export type AuditRecord = {
  readonly chain_uid: string
  readonly sequence: number
  readonly time: number
  readonly kind: string
  readonly severity: string
  readonly tenant_uid: string
  readonly session_uid?: string
  readonly user_uid?: string
  readonly server?: string
  readonly correlation_uid?: string
  readonly details: JsonObject
  readonly prev_event: string
  readonly fingerprint: string
}

export type Decoded =
  | { readonly record: AuditRecord }
  | { readonly wrong: 'unreadable' | 'edited'; readonly why: string }

/** A line longer than this is not written; its details are cut down instead. */
export const lineCharsMax = 262_144

/** What the first record of a chain follows. */
export function genesis(chain: string): Head {
  return { chain, sequence: 0, fingerprint: '0'.repeat(64) }
}

/** The line for an event that follows `head`, newline included, and the head that it makes. */
export function encode(event: AuditEvent, head: Head): { readonly line: string; readonly head: Head } {
  const sequence = head.sequence + 1
  const start = `{"chain_uid":"${head.chain}","sequence":${sequence},${about(event)}`
  const end = `,"prev_event":"${head.fingerprint}"`
  const details = JSON.stringify(event.details)
  const body = details.length > lineCharsMax ? JSON.stringify(cutDown(event.details, details.length)) : details
  const signed = `${start},"details":${body}${end}`
  // The fingerprint covers the bytes of the line before it, so that no second spelling of the same record exists.
  const fingerprint = hash('sha256', signed, 'hex')
  return { line: `${signed},"fingerprint":"${fingerprint}"}\n`, head: { chain: head.chain, sequence, fingerprint } }
}

/** One line read back: parsed, and its fingerprint compared with its bytes. */
export function decode(line: string): Decoded {
  const at = line.length - fingerprintTail
  if (line.length > lineCharsMax * 2) return { wrong: 'unreadable', why: `is ${line.length} characters long` }
  if (at < 0 || !line.startsWith(',"fingerprint":"', at))
    return { wrong: 'unreadable', why: 'does not end as a record ends' }
  const record = parsed(line)
  if (record === undefined) return { wrong: 'unreadable', why: 'is not a record' }
  const fingerprint = hash('sha256', line.slice(0, at), 'hex')
  if (fingerprint !== record.fingerprint) return { wrong: 'edited', why: 'its bytes do not fit its fingerprint' }
  return { record }
}

const fingerprintTail = ',"fingerprint":""}'.length + 64
const idChars = 256

function about({ atMs, kind, severity, tenant, session, principal, server, message }: AuditEvent): string {
  const time = Number.isFinite(atMs) ? atMs : 0
  const who = `"tenant_uid":${quoted(tenant)}${member('session_uid', session)}${member('user_uid', principal)}`
  const what = `${member('server', server)}${member('correlation_uid', message)}`
  return `"time":${time},"kind":"${kind}","severity":"${severity}",${who}${what}`
}

function member(name: string, id: string | undefined): string {
  return id === undefined ? '' : `,"${name}":${quoted(id)}`
}

function quoted(id: string): string {
  // Almost every id is of these characters, and needs nothing.
  return plainId.test(id) ? `"${id}"` : JSON.stringify(printable(id.slice(0, idChars)))
}

const plainId = /^[A-Za-z0-9_.:@/-]{1,256}$/u

/** What can be kept of details that are too long: short members of the first level, and how long it was. */
function cutDown(details: AuditDetails, chars: number): AuditDetails {
  const kept = Object.entries(details).filter(([key, value]) => key.length <= 64 && JSON.stringify(value).length <= 256)
  return { ...Object.fromEntries(kept.slice(0, 32)), cut: fact(`${chars} characters were too many to record`) }
}

function parsed(line: string): AuditRecord | undefined {
  const value = parsedJson(line)
  if (!isObject(value) || !isObject(value['details'])) return undefined
  const text = (name: string): string | undefined => (typeof value[name] === 'string' ? value[name] : undefined)
  const number = (name: string): number => (typeof value[name] === 'number' ? value[name] : Number.NaN)
  const record = {
    chain_uid: text('chain_uid') ?? '',
    sequence: number('sequence'),
    time: number('time'),
    kind: text('kind') ?? '',
    severity: text('severity') ?? '',
    tenant_uid: text('tenant_uid') ?? '',
    ...optional('session_uid', text('session_uid')),
    ...optional('user_uid', text('user_uid')),
    ...optional('server', text('server')),
    ...optional('correlation_uid', text('correlation_uid')),
    details: value['details'],
    prev_event: text('prev_event') ?? '',
    fingerprint: text('fingerprint') ?? '',
  }
  const isWhole = Number.isSafeInteger(record.sequence) && Number.isFinite(record.time) && record.chain_uid !== ''
  return isWhole && record.kind !== '' && record.prev_event !== '' ? record : undefined
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  const out: { [P in K]?: string } = {}
  if (value !== undefined) out[key] = value
  return out
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
