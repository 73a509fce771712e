import assert from 'node:assert/strict'
import test from 'node:test'
import type { JsonObject } from '../core/json.ts'
import type { AuditRecord } from './chain.ts'
import { ocsfOf } from './ocsf.ts'

function record(kind: string, details: JsonObject): AuditRecord {
  const place = { chain_uid: 'c', sequence: 7, prev_event: 'p', fingerprint: 'f' }
  const who = { tenant_uid: 'local', session_uid: 's1', user_uid: 'someone', server: 'files', correlation_uid: 'm1' }
  return { ...place, ...who, time: 1000, kind, severity: 'high', details }
}

test('a refused call is API activity that was denied, with who, what and where', () => {
  const event = ocsfOf(
    record('call', { type: 'tool.call', tool: 'write_file', verdict: 'block', passed: false, rules: ['policy:x'] }),
  )
  assert.equal(event['class_uid'], 6003)
  assert.equal(event['type_uid'], 600_399)
  assert.equal(event['severity_id'], 4)
  assert.equal(event['action_id'], 2)
  assert.equal(event['disposition_id'], 2)
  assert.equal(event['message'], 'policy:x')
  assert.deepEqual(event['api'], { operation: 'write_file', service: { name: 'files' } })
  assert.deepEqual(event['actor'], { user: { uid: 'someone' }, session: { uid: 's1' }, app_name: 'Sallyport' })
})

test('starts and stops are lifecycle events, and what a server dials is network activity', () => {
  assert.equal(ocsfOf(record('gateway', { event: 'start' }))['type_uid'], 600_203)
  assert.equal(ocsfOf(record('server', { event: 'stopped' }))['type_uid'], 600_204)
  const dial = ocsfOf(record('egress', { host: 'api.test', port: 443, verdict: 'block' }))
  assert.equal(dial['type_uid'], 400_105)
  assert.deepEqual(dial['dst_endpoint'], { hostname: 'api.test', port: 443 })
})

test('nothing of the record is lost on the way', () => {
  const original = record('approval', { any: { thing: [1, 2] } })
  assert.deepEqual(JSON.parse(String(ocsfOf(original)['raw_data'])), original)
})
