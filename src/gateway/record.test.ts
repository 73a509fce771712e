import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { messageOf } from '../../test/situation.ts'
import type { Body } from '../core/message.ts'
import type { Decision } from '../core/verdict.ts'
import { frameOf } from '../wire/envelope.ts'
import type { Matter, Ruling } from './judge.ts'
import { recordOf } from './record.ts'

const frame = frameOf({ kind: 'notification', method: 'n', params: {} })
function record(body: Body, decision: Partial<Decision> = {}, sinceMs?: number) {
  const message = messageOf(body)
  const ruling: Ruling = {
    kind: 'pass',
    frame,
    message,
    decision: { verdict: { kind: 'allow' }, because: [], findings: [], ...decision },
  }
  return recordOf(ruling, { frame, ...(sinceMs === undefined ? {} : { sinceMs }) } as Matter)
}

test('a call is recorded with who, what, on which server, and what was decided', proves('A.log', 'C4.log'), () => {
  const event = record({ kind: 'tool.call', tool: 'read_file', args: { path: '/x', password: 'hunter2hunter2' } })
  assert.equal(event?.kind, 'call')
  assert.deepEqual(
    [event?.details['tool'], event?.details['verdict'], event?.details['passed']],
    ['read_file', 'allow', true],
  )
  assert.ok(event?.principal !== undefined && event.session !== undefined && event.server !== undefined)
  assert.doesNotMatch(JSON.stringify(event), /hunter2/u)
})

test('an answer is recorded with its size, its time and whether it failed', () => {
  const event = record({ kind: 'tool.result', tool: 't', args: {}, result: { isError: true } }, {}, 0)
  assert.deepEqual([event?.details['isError'], event?.details['bytes']], [true, frame.bytes.byteLength])
  assert.equal(typeof event?.details['durationMs'], 'number')
})

test('chatter that passes is not recorded, and is when something was found in it', () => {
  const note: Body = { kind: 'notification', method: 'notifications/progress', params: {} }
  assert.equal(record(note), undefined)
  const finding = { rule: 'x/y', severity: 'high', confidence: 'certain', at: '', facts: {} } as const
  assert.equal(record(note, { findings: [finding] })?.severity, 'high')
})

test('an unknown method is recorded, a ping is not', () => {
  assert.equal(record({ kind: 'other', method: 'ping', phase: 'request', value: null }), undefined)
  assert.equal(
    record({ kind: 'other', method: 'acme/do', phase: 'request', value: null })?.details['method'],
    'acme/do',
  )
})
