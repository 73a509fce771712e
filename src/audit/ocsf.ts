import type { JsonObject } from '../core/json.ts'
import type { AuditRecord } from './chain.ts'

/**
 * One record as an event of the Open Cybersecurity Schema Framework. The chain's own proof travels as `raw_data`: an
 * attestation in OCSF's sense would have to cover the event in this form, and what was signed is the line.
 */
export function ocsfOf(record: AuditRecord): JsonObject {
  const { classUid, activityId } = classOf(record)
  return {
    class_uid: classUid,
    category_uid: Math.floor(classUid / 1000),
    activity_id: activityId,
    type_uid: classUid * 100 + activityId,
    time: record.time,
    severity_id: severityIds[record.severity] ?? 0,
    severity: record.severity,
    ...outcomeOf(record.details),
    metadata: {
      version: '1.9.0',
      product: { name: 'Sallyport', vendor_name: 'Sallyport' },
      profiles: ['security_control'],
      uid: `${record.chain_uid}:${record.sequence}`,
      sequence: record.sequence,
      tenant_uid: record.tenant_uid,
      log_name: record.kind,
      ...given('correlation_uid', record.correlation_uid),
    },
    ...partiesOf(record, classUid),
    raw_data: JSON.stringify(record),
    unmapped: record.details,
  }
}

const apiActivity = 6003
const applicationLifecycle = 6002
const networkActivity = 4001
const other = 99

const severityIds: Readonly<Record<string, number>> = { info: 1, low: 2, medium: 3, high: 4, critical: 5 }
const lifecycle: Readonly<Record<string, number>> = { start: 3, started: 3, ready: 3, stop: 4, stopped: 4, broken: 4 }

function classOf({ kind, details }: AuditRecord): { classUid: number; activityId: number } {
  const event = String(details['event'] ?? details['state'] ?? '')
  if (kind === 'gateway' || kind === 'server' || kind === 'config')
    return { classUid: applicationLifecycle, activityId: lifecycle[event] ?? other }
  if (kind === 'egress') return { classUid: networkActivity, activityId: isDenied(details) ? 5 : 1 }
  const isReading = kind === 'surface' || details['type'] === 'resource.read' || details['type'] === 'prompt.get'
  return { classUid: apiActivity, activityId: isReading ? 2 : other }
}

function isDenied(details: JsonObject): boolean {
  return details['verdict'] === 'block' || details['verdict'] === 'deny' || details['passed'] === false
}

function outcomeOf(details: JsonObject): JsonObject {
  const { verdict, rules } = details
  if (typeof verdict !== 'string') return { status_id: 0 }
  const isOut = isDenied(details)
  return {
    action_id: isOut ? 2 : 1,
    disposition_id: isOut ? 2 : 1,
    status_id: isOut || details['isError'] === true ? 2 : 1,
    status_detail: verdict,
    ...(Array.isArray(rules) && rules.length > 0 ? { message: rules.map(String).join(', ') } : {}),
  }
}

function partiesOf(record: AuditRecord, classUid: number): JsonObject {
  const { server, user_uid, session_uid, details } = record
  const actor = {
    ...(user_uid === undefined ? {} : { user: { uid: user_uid } }),
    ...(session_uid === undefined ? {} : { session: { uid: session_uid } }),
    app_name: 'Sallyport',
  }
  if (classUid === applicationLifecycle) return { actor, app: { name: server ?? 'Sallyport' } }
  if (classUid === networkActivity)
    return { actor, dst_endpoint: { ...given('hostname', details['host']), ...given('port', details['port']) } }
  const operation =
    details['tool'] ?? details['uri'] ?? details['prompt'] ?? details['method'] ?? details['type'] ?? record.kind
  return {
    actor,
    api: { operation, service: { name: server ?? 'Sallyport' } },
    src_endpoint: { name: user_uid ?? 'unknown' },
    ...(typeof details['durationMs'] === 'number' ? { duration: details['durationMs'] } : {}),
  }
}

function given(name: string, value: JsonObject[string]): JsonObject {
  return value === undefined ? {} : { [name]: value }
}
