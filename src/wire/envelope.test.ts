import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import type { JsonObject } from '../core/json.ts'
import { type Envelope, frameOf } from './envelope.ts'

const read = (envelope: Envelope): unknown => JSON.parse(Buffer.from(frameOf(envelope).bytes).toString('utf8'))

test('each kind of message is written with exactly the members that JSON-RPC gives it', () => {
  assert.deepEqual(read({ kind: 'request', id: 1, method: 'ping', params: {} }), {
    jsonrpc: '2.0',
    id: 1,
    method: 'ping',
    params: {},
  })
  assert.deepEqual(read({ kind: 'notification', method: 'n', params: { a: 1 } }), {
    jsonrpc: '2.0',
    method: 'n',
    params: { a: 1 },
  })
  assert.deepEqual(read({ kind: 'result', id: 'x', result: null }), { jsonrpc: '2.0', id: 'x', result: null })
  assert.deepEqual(read({ kind: 'error', id: null, error: { code: -32700, message: 'm' } }), {
    jsonrpc: '2.0',
    id: null,
    error: { code: -32700, message: 'm' },
  })
})

test('what was put in is what is read, and a message never holds a raw line break', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), params => {
      const plain = JSON.parse(JSON.stringify(params)) as JsonObject
      const { bytes } = frameOf({ kind: 'request', id: 7, method: 'm', params: plain })
      assert.ok(!bytes.includes(10))
      assert.deepEqual(read({ kind: 'request', id: 7, method: 'm', params: plain }), {
        jsonrpc: '2.0',
        id: 7,
        method: 'm',
        params: plain,
      })
    }),
  )
})

test('the frame keeps the very envelope it was made of', () => {
  const envelope: Envelope = { kind: 'notification', method: 'n', params: {} }
  assert.equal(frameOf(envelope).envelope, envelope)
})
