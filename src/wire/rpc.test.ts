import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { frameOf } from './envelope.ts'
import { errorReply, faultReply, readFrame } from './rpc.ts'

const limits = { bytesMax: 100_000, depthMax: 32 }
const read = (text: string) => readFrame(Buffer.from(text), limits)
const faultOf = (text: string) => {
  const result = read(text)
  assert.ok(!result.ok, text)
  return result
}

test('requests, notifications, results and errors are told apart', () => {
  const kindOf = (text: string) => {
    const result = read(text)
    return result.ok ? result.frame.envelope.kind : result.detail
  }
  assert.equal(kindOf('{"jsonrpc":"2.0","id":1,"method":"ping"}'), 'request')
  assert.equal(kindOf('{"jsonrpc":"2.0","method":"x","params":{}}'), 'notification')
  assert.equal(kindOf('{"jsonrpc":"2.0","id":"a","result":{}}'), 'result')
  assert.equal(kindOf('{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"m"}}'), 'error')
  assert.equal(kindOf('{"jsonrpc":"2.0","error":{"code":-1,"message":"m","data":[1]}}'), 'error')
})

test('what two readers could understand differently is refused', () => {
  for (const bad of [
    '[]',
    '[{"jsonrpc":"2.0","id":1,"method":"x"}]',
    '1',
    '{}',
    '{"jsonrpc":"1.0","id":1,"method":"x"}',
    '{"id":1,"method":"x"}',
    '{"jsonrpc":"2.0","id":null,"method":"x"}',
    '{"jsonrpc":"2.0","id":1.5,"method":"x"}',
    '{"jsonrpc":"2.0","id":9007199254740993,"method":"x"}',
    '{"jsonrpc":"2.0","id":true,"method":"x"}',
    '{"jsonrpc":"2.0","id":1,"method":7}',
    '{"jsonrpc":"2.0","id":1,"method":""}',
    '{"jsonrpc":"2.0","id":1,"method":"x","params":[]}',
    '{"jsonrpc":"2.0","id":1,"method":"x","params":null}',
    '{"jsonrpc":"2.0","id":1,"method":"x","extra":1}',
    '{"jsonrpc":"2.0","id":1,"method":"x","Method":"y"}',
    '{"jsonrpc":"2.0","id":1,"method":"x","result":{}}',
    '{"jsonrpc":"2.0","id":1,"method":"x","__proto__":{}}',
    '{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":""}}',
    '{"jsonrpc":"2.0","id":1,"result":{},"params":{}}',
    '{"jsonrpc":"2.0","id":1,"result":[]}',
    '{"jsonrpc":"2.0","result":{}}',
    '{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":""}}',
    '{"jsonrpc":"2.0","id":1,"error":{"code":1}}',
    '{"jsonrpc":"2.0","id":1,"error":null}',
  ])
    assert.equal(faultOf(bad).code, 'not-rpc', bad)
  assert.equal(faultOf('{"jsonrpc":"2.0","id":1,"method":"x","params":{"name":"a","Name":"b"}}').code, 'ambiguous')
})

test('the answer to a refused message carries its id where it can be read, and the code of JSON-RPC', () => {
  const answer = (text: string) => faultReply(faultOf(text))?.envelope
  const refused = answer('{"jsonrpc":"2.0","id":5,"method":"x","params":{"a":1,"a":2}}')
  assert.ok(refused?.kind === 'error')
  assert.deepEqual([refused.id, refused.error.code], [5, -32600])
  assert.match(refused.error.message, /"a" stands twice/u)
  const broken = answer('{"jsonrpc":"2.0","id":5,"method":')
  assert.ok(broken?.kind === 'error')
  assert.deepEqual([broken.id, broken.error.code], [5, -32700])
  assert.equal(answer('{"jsonrpc":"2.0","id":5,"result":{"a":1,"a":2}}'), undefined)
})

test('a message that Python would split at a carriage return into three arrives as one line', () => {
  const result = read(
    '{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":\r{"jsonrpc":"2.0","id":2,"method":"evil"}\r\n}}',
  )
  assert.ok(result.ok)
  assert.equal(/[\r\n]/u.test(Buffer.from(result.frame.bytes).toString()), false)
  assert.deepEqual(JSON.parse(Buffer.from(result.frame.bytes).toString()).params.a.method, 'evil')
})

test('bytes without line breaks are forwarded as they came, odd numbers and blanks included', () => {
  const bytes = Buffer.from('{ "jsonrpc":"2.0","id":1,"method":"x","params":{"big":12345678901234567890,"one":1.0} }')
  const result = readFrame(bytes, limits)
  assert.ok(result.ok && result.frame.bytes === bytes)
})

test('what we write we read back the same', () => {
  const id = fc.oneof(
    fc.string(),
    fc.maxSafeInteger().map(n => n + 0 || 0),
  )
  fc.assert(
    fc.property(
      id,
      fc.string({ minLength: 1 }),
      fc.dictionary(fc.stringMatching(/^[a-z]{9,12}$/u), fc.jsonValue()),
      (i, m, p) => {
        const params = JSON.parse(JSON.stringify(p))
        if (!JSON.stringify([i, m, params]).isWellFormed() || /\\ud[89a-f]/iu.test(JSON.stringify([i, m, params])))
          return
        const sent = frameOf({ kind: 'request', id: i, method: m, params })
        const got = readFrame(sent.bytes, limits)
        assert.ok(got.ok, got.ok ? '' : got.detail)
        assert.equal(JSON.stringify(got.frame.envelope), JSON.stringify(sent.envelope))
      },
    ),
  )
  assert.deepEqual(errorReply('a', { code: -1, message: 'm' }).envelope, {
    kind: 'error',
    id: 'a',
    error: { code: -1, message: 'm' },
  })
})
