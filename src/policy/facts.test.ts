import assert from 'node:assert/strict'
import test from 'node:test'
import { factsOf, isRequest } from './facts.ts'
import { situationOf } from './situation.ts'

test('labels of findings in this message count at once', () => {
  const finding = { rule: 'secrets/key', severity: 'high', confidence: 'certain', labels: ['secret'] } as const
  const facts = factsOf(situationOf({ tool: 'x', labels: ['untrusted'], findings: [finding] }))
  assert.deepEqual([...facts.labels].sort(), ['secret', 'untrusted'])
})

test('a tool that was never listed counts as what its name says, and as writing when it says nothing', () => {
  const { message, findings, scene } = situationOf({ tool: 'delete_everything' })
  const { tool: _, ...unlisted } = scene
  assert.deepEqual(factsOf({ message, findings, scene: unlisted }).effects, ['destroy'])
  const odd = situationOf({ tool: 'frobnicate' })
  const { tool: __, ...nothing } = odd.scene
  assert.deepEqual(factsOf({ ...odd, scene: nothing }).effects, ['write'])
})

test('resources and prompts are read', () => {
  assert.deepEqual(factsOf(situationOf({ resource: 'file:///x' })).effects, ['read'])
  assert.deepEqual(factsOf(situationOf({ prompt: 'x' })).effects, ['read'])
})

test('a result is no request, whichever side it comes from', () => {
  assert.ok(isRequest(situationOf({ method: 'x/y' }).message))
  assert.ok(isRequest(situationOf({ kind: 'sampling.request' }).message))
  for (const kind of ['tool.result', 'error', 'notification', 'sampling.result', 'tool.waiting'] as const)
    assert.ok(!isRequest(situationOf({ kind }).message), kind)
  const { message } = situationOf({ method: 'x/y' })
  assert.ok(!isRequest({ ...message, body: { kind: 'other', method: 'x/y', phase: 'result', value: {} } }))
})
