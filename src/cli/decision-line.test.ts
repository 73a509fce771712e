import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf } from '../../test/situation.ts'
import type { Body } from '../core/message.ts'
import type { Decision } from '../core/verdict.ts'
import type { Ruling } from '../gateway/judge.ts'
import { decisionLine } from './decision-line.ts'

const call: Body = { kind: 'tool.call', tool: 'read_file', args: {} }
const frame = { envelope: { kind: 'notification', method: 'x', params: {} }, bytes: new Uint8Array() } as const
const refusal = { code: 'blocked', text: 'no', details: {} } as const

function ruling(body: Body, decision: Partial<Decision> = {}, kind: Ruling['kind'] = 'pass'): Ruling {
  const whole: Decision = { verdict: { kind: 'allow' }, because: [], findings: [], ...decision }
  const message = messageOf(body, { atMs: 0 })
  return kind === 'pass' ? { kind, message, decision: whole, frame } : { kind, message, decision: whole, refusal }
}

const plain = { isJson: false, isColoured: false }

test('a call that passed is one plain line', () => {
  assert.equal(decisionLine(ruling(call), plain), '00:00:00  allow     files ◀ call read_file')
})

test('where several use the gateway, a line says who', () => {
  const line = decisionLine(ruling(call), { ...plain, isShared: true })
  assert.equal(line, `00:00:00  allow     files ◀ call read_file · ${ruling(call).message.principal}`)
})

test('a refusal says why underneath, and a name cannot steer the terminal', () => {
  const because = [{ rule: 'policy:no', then: 'block', text: 'not \u001b[31mthis' }] as const
  const hostile: Body = { kind: 'tool.call', tool: 'x\n\u001b[2J', args: {} }
  const line = decisionLine(ruling(hostile, { verdict: { kind: 'block' }, because }, 'refuse'), plain) ?? ''
  assert.equal(line.split('\n').length, 2)
  assert.ok(!line.includes('\u001b'))
  assert.match(line, /block[\s\S]*not/u)
})

test('lists and pings that pass are not shown, and what observe mode would have done is', () => {
  const list: Body = { kind: 'other', method: 'ping', phase: 'request', value: {} }
  assert.equal(decisionLine(ruling(list), plain), undefined)
  assert.match(decisionLine(ruling(list, { wouldBe: 'block' }), plain) ?? '', /would block/u)
})

test('as JSON it is one object with the id that the record has', () => {
  const line = decisionLine(ruling(call), { isJson: true, isColoured: true }) ?? ''
  const { id, verdict, server, subject } = JSON.parse(line)
  assert.deepEqual([id, verdict, server, subject], ['m1', 'allow', 'files', 'call read_file'])
})

test('colours are there only where they are wanted', () => {
  const coloured = decisionLine(ruling(call), { isJson: false, isColoured: true }) ?? ''
  assert.ok(coloured.includes('\u001b[32mallow'))
})
