import assert from 'node:assert/strict'
import test from 'node:test'
import type { Json } from '../core/json.ts'
import { askingParameters, parameterBounds } from './parameter-ask.ts'

const asked = (properties: Json, about = 'adds two numbers') =>
  askingParameters({ type: 'object', properties }, '/s', about).map(
    ({ name, ask, isExplicit }) => `${name}:${ask}${isExplicit ? '!' : ''}`,
  )

test('a parameter that asks for what its tool has no business with is found by name or by words', () => {
  assert.deepEqual(
    asked({ a: {}, conversation_history: {}, systemPrompt: {}, model_name: {}, sidenote: {}, ssh_key: {} }),
    [
      'conversation_history:conversation',
      'systemPrompt:prompt',
      'model_name:model',
      'sidenote:side-channel',
      'ssh_key:secret',
    ],
  )
  assert.deepEqual(
    asked({ note: { description: 'The contents of ~/.ssh/id_rsa' }, x: { title: 'Your system prompt' } }),
    ['note:secret!', 'x:prompt!'],
  )
  assert.deepEqual(asked({ list: { items: { properties: { y: { description: 'The full conversation so far' } } } } }), [
    'y:conversation!',
  ])
})

test('what the tool is about excuses a name, never a wish that is spelled out', () => {
  assert.deepEqual(asked({ model_name: {} }, 'deploys a model'), [])
  assert.deepEqual(asked({ note: { description: 'your system prompt' } }, 'stores a prompt'), ['note:prompt!'])
})

test('ordinary parameters ask for nothing', () => {
  assert.deepEqual(
    asked({
      path: { description: 'The file to read' },
      query: {},
      limit: {},
      to: {},
      subject: {},
      body: {},
      session_id: {},
      message: {},
      token: { description: 'API token' },
    }),
    [],
  )
})

test('a switch, a number or a choice of given words can hold no conversation, prompt or key, whatever it is about', () => {
  const all = { type: 'boolean', description: 'Return all console messages since the page was opened' }
  const types = { type: 'array', items: { enum: ['log', 'error'] }, description: 'Leave out to get all messages' }
  const size = { type: ['integer', 'null'], description: 'How many of all messages' }
  assert.deepEqual(asked({ all, types, size, hidden: { type: 'boolean' }, ssh_key: { const: 1 } }), [])
  const free = { type: ['boolean', 'string'], description: 'All previous messages' }
  const list = { type: 'array', items: { type: 'string' }, description: 'All messages so far' }
  assert.deepEqual(asked({ free, list }), ['free:conversation!', 'list:conversation!'])
})

test('a choice can give away the name of a model, and a switch can keep the person in the dark', () => {
  assert.deepEqual(asked({ model_name: { enum: ['a', 'b'] } }), ['model_name:model'])
  assert.deepEqual(asked({ model_name: { type: 'integer' } }), [])
  assert.deepEqual(asked({ quiet: { type: 'boolean', description: 'true: do not tell the user' } }), [
    'quiet:side-channel!',
  ])
})

test('the model that a tool works with is not the one that calls it, and a file that it makes is no key', () => {
  assert.deepEqual(
    asked({
      generator: { type: 'string', description: 'UUID of the model used to write the scenarios' },
      text: { type: 'string', description: 'The contents of the pipeline config file' },
    }),
    [],
  )
  assert.deepEqual(
    asked({
      a: { description: 'The id of the model that is calling' },
      b: { description: "The content of the user's config file" },
    }),
    ['a:model!', 'b:secret!'],
  )
})

test('a schema that refers to itself or is too wide ends', () => {
  const loop: { [key: string]: Json } = {}
  loop['properties'] = { model_name: loop }
  assert.ok(askingParameters(loop, '', '').length <= parameterBounds.depth + 1)
  const wide = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`model_name${'_'.repeat(i % 2)}${i}`, {}]))
  assert.equal(askingParameters({ properties: wide }, '', '').length, 0)
})
