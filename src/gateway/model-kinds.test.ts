import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf } from '../../test/situation.ts'
import { isForModel } from './model-kinds.ts'

test('a model is asked about what servers give to models, and never about what a client sends', () => {
  const result = { content: [] }
  assert.ok(isForModel(messageOf({ kind: 'tool.result', tool: 't', args: {}, result })))
  assert.ok(isForModel(messageOf({ kind: 'server.surface', part: 'tools', items: [] })))
  assert.ok(!isForModel(messageOf({ kind: 'tool.call', tool: 't', args: {} })))
  assert.ok(!isForModel(messageOf({ kind: 'tool.result', tool: 't', args: {}, result }, { from: 'client' })))
})
