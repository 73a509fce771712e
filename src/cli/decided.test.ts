import assert from 'node:assert/strict'
import test from 'node:test'
import type { AuditRecord } from '../audit/chain.ts'
import { isMessageId, linesOf } from './decided.ts'

const record: AuditRecord = {
  chain_uid: 'c',
  sequence: 1,
  time: 0,
  kind: 'call',
  severity: 'high',
  tenant_uid: 'local',
  user_uid: 'ann',
  server: 'files',
  correlation_uid: 'deadbeef-1a',
  prev_event: '',
  fingerprint: '',
  details: {
    tool: 'delete_all',
    verdict: 'block',
    passed: false,
    rules: ['policy:no-deleting'],
    findings: [
      { rule: 'schema/type', severity: 'high', confidence: 'certain', at: '/params/x', facts: { wants: 'a' } },
    ],
    args: { x: 1 },
  },
}

test('ids of messages are told from names of tools', () => {
  assert.equal(isMessageId('deadbeef-1a'), true)
  for (const name of ['delete_all', 'deadbeef', 'deadbeef-', 'DEADBEEF-1', 'deadbeef-1 --x'])
    assert.equal(isMessageId(name), false, name)
})

test('a record says what was decided, by which rules and on which findings', () => {
  assert.deepEqual(linesOf(record), [
    'block, did not pass · files delete_all · 1970-01-01T00:00:00.000Z · ann',
    '  rule     policy:no-deleting',
    '  finding  schema/type (high, certain) at /params/x · wants: a',
    '  args     {"x":1}',
  ])
})

test('an alert about the message says its sentence', () => {
  const alert = { ...record, kind: 'gateway', details: { event: 'alert', text: 'It was refused 5 times.' } }
  assert.match(linesOf(alert).join('\n'), /alert.*files[\s\S]*It was refused 5 times/u)
})
