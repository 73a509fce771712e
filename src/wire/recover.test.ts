import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { recover } from './recover.ts'

const of = (text: string) => recover(Buffer.from(text))

test('the id is found before, after and around what is broken', () => {
  assert.deepEqual(of('{"jsonrpc":"2.0","id":7,"method":"x","params":{"a":1,"a":2}}'), { id: 7, kind: 'request' })
  assert.deepEqual(of('{"method":"x","params":{"id":1,"q":"\\"id\\":9"},"id": "a\\u0062" ,'), {
    id: 'ab',
    kind: 'request',
  })
  assert.deepEqual(of('{"id":3,"result":{"text":"never ends'), { id: 3, kind: 'response' })
})

test('ids that are inside something else, doubled, fractional or unsafe are no ids', () => {
  for (const text of [
    '{"params":{"id":1}}',
    '{"id":1,"id":2}',
    '{"id":1.5}',
    '{"id":9007199254740993}',
    '{"id":null}',
    '[{"id":1}]',
    'id',
  ])
    assert.equal(of(text).id, null, text)
})

test('an answer that also has a method counts as a request, which gets an error', () => {
  assert.equal(of('{"id":1,"result":{},"method":"x"}').kind, 'request')
})

test('it reads the first 64 KiB and no more', () => {
  assert.deepEqual(of(`{"params":"${'x'.repeat(70_000)}","id":1}`), { id: null, kind: 'unknown' })
  assert.deepEqual(of(`{"id":1,"params":"${'x'.repeat(70_000)}"}`), { id: 1, kind: 'unknown' })
})

test('it never throws', () => {
  const piece = fc.constantFrom('{', '}', '[', '"', '\\', ':', '"id"', '1', ',', '\\u', '\n', '\ud800')
  fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), pieces => void of(pieces.join(''))))
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), bytes => void recover(bytes)))
})
