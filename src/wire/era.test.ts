import assert from 'node:assert/strict'
import test from 'node:test'
import type { JsonObject } from '../core/json.ts'
import { eraOf } from './era.ts'

const request = (method: string, params: JsonObject = {}) => ({ kind: 'request', id: 1, method, params }) as const
const claim = { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } }

test('a claim in the body comes before the method', () => {
  assert.equal(eraOf(request('initialize', claim)), 'modern')
  assert.equal(eraOf(request('tools/call', claim)), 'modern')
})

test('a method that exists in one era tells it', () => {
  assert.equal(eraOf(request('initialize')), 'legacy')
  assert.equal(eraOf(request('server/discover')), 'modern')
})

test('anything else leaves it to the connection', () => {
  assert.equal(eraOf(request('tools/list')), undefined)
  assert.equal(eraOf({ kind: 'result', id: 1, result: {} }), undefined)
})
