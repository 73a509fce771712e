import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf } from '../../test/situation.ts'
import type { Finding } from '../core/finding.ts'
import type { Body } from '../core/message.ts'
import { leftOut } from './left-out.ts'

const tools: Body = { kind: 'server.surface', part: 'tools', items: [{ name: 'a' }, { name: 'b' }] }
const hello: Body = { kind: 'server.surface', part: 'server', items: [{ instructions: 'x' }] }
const answer: Body = { kind: 'tool.result', tool: 'a', args: {}, result: { content: [] } }
const at = (place: string): Finding => ({
  ...{ rule: 'x/y', severity: 'high', confidence: 'likely', facts: {} },
  at: place,
})

test('a finding in an item of a list takes out that item, however deep it stands', () => {
  for (const place of [
    '/result/tools/1',
    '/result/tools/1/description',
    '/result/tools/1/inputSchema/properties/tools/2',
  ])
    assert.deepEqual(leftOut(messageOf(tools), at(place)), { at: '/result/tools/1', remove: true })
})

test('a finding in the instructions of a handshake takes out the instructions', () => {
  const edit = leftOut(messageOf(hello), at('/result/instructions'))
  assert.deepEqual(edit, { at: '/result/instructions', remove: true })
})

test('a finding that stands in no item stops the message', () => {
  for (const place of [
    '',
    '/result',
    '/result/tools',
    '/result/nextCursor',
    '/result/tools/x',
    '/result/_meta/tools/1',
  ])
    assert.equal(leftOut(messageOf(tools), at(place)), undefined, place)
  for (const place of ['/result/serverInfo/name', '/result/instructions/0', '/result/tools/0'])
    assert.equal(leftOut(messageOf(hello), at(place)), undefined, place)
})

test('only lists and handshakes can go on without a part: of an answer nothing is left out this way', () => {
  assert.equal(leftOut(messageOf(answer), at('/result/tools/0')), undefined)
})
