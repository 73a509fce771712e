import assert from 'node:assert/strict'
import test from 'node:test'
import { Ajv } from 'ajv'
import { fc } from '../../test/property.ts'
import type { JsonObject } from '../core/json.ts'
import { sampleCalls } from './sample-call.ts'

const about = { path: '/notes', isReaching: false }
const schema = {
  type: 'object',
  properties: {
    path: { type: 'string' },
    paths: { type: 'array', items: { type: 'string' }, minItems: 2 },
    mode: { enum: ['fast', 'slow'] },
    limit: { type: 'integer', minimum: 3 },
    url: { type: 'string' },
    maybe: { anyOf: [{ type: 'boolean' }, { type: 'null' }] },
    inner: { type: 'object', properties: { text: { type: 'string', minLength: 9 } }, required: ['text'] },
    left: { type: 'string' },
  },
  required: ['path', 'paths', 'mode', 'limit', 'url', 'maybe', 'inner'],
} as const

test('a call is made of what its schema requires, valid, with a path that was given', () => {
  const [call] = sampleCalls({ a: { name: 'read', inputSchema: schema } }, about)
  assert.deepEqual(call, {
    tool: 'read',
    arguments: {
      path: '/notes',
      paths: ['/notes', '/notes'],
      mode: 'fast',
      limit: 3,
      url: 'https://example.com/',
      maybe: false,
      inner: { text: 'sampleeee' },
    },
  })
  assert.ok(new Ajv({ strict: false }).validate(schema, call?.arguments))
})

test('where somebody can be reached, only tools that say they change nothing are called', () => {
  const tools: Record<string, JsonObject> = {
    a: { name: 'a', annotations: { readOnlyHint: true } },
    b: { name: 'b', annotations: { destructiveHint: true } },
    c: { name: 'c' },
  }
  assert.deepEqual(
    sampleCalls(tools, { ...about, isReaching: true }).map(({ tool }) => tool),
    ['a'],
  )
  assert.equal(sampleCalls(tools, about).length, 3)
})

test('no schema, however strange or deep, makes it fail or grow without a bound', () => {
  let deep: JsonObject = { type: 'string' }
  for (let i = 0; i < 5000; i++) deep = { type: 'object', properties: { x: deep }, required: ['x'] }
  assert.equal(sampleCalls({ a: { name: 'a', inputSchema: deep } }, about).length, 1)
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), value => {
      const tool = JSON.parse(JSON.stringify({ name: 'x', inputSchema: value }))
      assert.equal(sampleCalls({ x: tool }, about).length, 1)
    }),
  )
})
