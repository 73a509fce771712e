import assert from 'node:assert/strict'
import test from 'node:test'
import type { Kind } from '../core/message.ts'
import { brokenInvariants } from './invariants.ts'
import { situationOf } from './situation.ts'

// A record and not a list: a kind that core gains is missing here and does not compile.
const every: Readonly<Record<Kind, true>> = {
  ...({ 'server.declared': true, 'server.surface': true, 'tool.call': true, 'tool.waiting': true } as const),
  ...({ 'tool.result': true, 'resource.read': true, 'resource.content': true, 'prompt.get': true } as const),
  ...({ 'prompt.result': true, 'sampling.request': true, 'sampling.result': true, error: true } as const),
  ...({ 'elicitation.request': true, 'elicitation.result': true, notification: true, other: true } as const),
}
const everyKind = Object.keys(every) as Kind[]

test('what nobody said is harmless', () => {
  const situation = situationOf({})
  assert.deepEqual(brokenInvariants(situation), [])
  assert.equal(situation.message.body.kind, 'tool.call')
})

test('every kind of message can be described', () => {
  for (const kind of everyKind) assert.equal(situationOf({ kind }).message.body.kind, kind)
})

test('the kind follows from what was named', () => {
  assert.equal(situationOf({ resource: 'file:///x' }).message.body.kind, 'resource.read')
  assert.equal(situationOf({ prompt: 'x' }).message.body.kind, 'prompt.get')
  assert.equal(situationOf({ method: 'x/y' }).message.body.kind, 'other')
})

test('effects are those given, or those that the name says', () => {
  assert.deepEqual(situationOf({ tool: 'send_mail' }).scene.tool?.effects, ['send'])
  assert.deepEqual(situationOf({ tool: 'send_mail', effects: ['read'] }).scene.tool?.effects, ['read'])
})

test('arguments that are no JSON become null instead of something that cannot be judged', () => {
  const { body } = situationOf({ tool: 'x', args: () => 1 }).message
  assert.ok(body.kind === 'tool.call' && body.args === null)
})
