import { hash } from 'node:crypto'
import { isObject, type JsonObject } from '../core/json.ts'
import type { AuditDetails, AuditEvent } from '../core/port.ts'
import { printable } from './printable.ts'
import { fact } from './redact.ts'

/** The last record of a chain: everything before it is fixed by its fingerprint. */
export type Head = { readonly chain: string; readonly sequence: number; readonly fingerprint: string }

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

function about(event: AuditEvent): string {
  let text = `"time":${JSON.stringify(event.atMs)},"kind":"${event.kind}","severity":"${event.severity}"`
  text += `,"tenant_uid":${quoted(event.tenant)}`
  if (event.session !== undefined) text += `,"session_uid":${quoted(event.session)}`
  if (event.principal !== undefined) text += `,"user_uid":${quoted(event.principal)}`
  if (event.server !== undefined) text += `,"server":${quoted(event.server)}`
  if (event.message !== undefined)
    text += `,"correlation_uid":${JSON.stringify(printable(event.message.slice(0, idChars)))}`
  return text
}

function quoted(id: string): string {
  const known = quotedIds.get(id)
  if (known !== undefined) return known
  const text = JSON.stringify(printable(id.slice(0, idChars)))
  if (quotedIds.size >= quotedMax) quotedIds.clear()
  if (id.length <= idChars) quotedIds.set(id, text)
  return text
}

// Tenants, principals, sessions and servers are few and come with every record.
const quotedIds = new Map<string, string>()
const quotedMax = 1024

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
