import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { splice } from './splice.ts'

const put = (text: string, path: readonly string[], value: Json) => {
  const bytes = splice(Buffer.from(text), [{ path, put: value }])
  return bytes === undefined ? undefined : Buffer.from(bytes).toString()
}

test('only the named value changes; the rest keeps its spelling', () => {
  const text = '{ "jsonrpc":"2.0", "result":{"big":12345678901234567890,"f":1.0,"e":"\\u00e9"} ,"id" : "old" }'
  assert.equal(put(text, ['id'], 7), text.replace('"old"', '7'))
})

test('a nested value changes, whatever looks like it elsewhere', () => {
  const text = '{"a":"\\"id\\":1}","params":{"id":[{"id":2}],"_meta":{"id":3}},"id":4}'
  assert.equal(put(text, ['params', '_meta', 'id'], 'x'), text.replace('"id":3', '"id":"x"'))
  assert.equal(put(text, ['id'], 'x'), text.replace('"id":4', '"id":"x"'))
})

test('a key written with escapes is still that key', () => {
  assert.equal(put('{"\\u0069d":1}', ['id'], 2), '{"\\u0069d":2}')
})

test('a path that leads nowhere is told, not guessed', () => {
  assert.equal(put('{"a":{}}', ['a', 'b'], 1), undefined)
  assert.equal(put('{"a":[1]}', ['a', '0'], 1), undefined)
  assert.equal(put('"text"', ['a'], 1), undefined)
})

test('several values change at once, in whatever order they are named', () => {
  const bytes = splice(Buffer.from('{"id":1,"params":{"t":2}}'), [
    { path: ['params', 't'], put: 'b' },
    { path: ['id'], put: 'a' },
  ])
  assert.equal(Buffer.from(bytes ?? []).toString(), '{"id":"a","params":{"t":"b"}}')
})

test('what is read back is the message with that one member set', () => {
  const member = fc.string({ unit: 'binary', maxLength: 8 }).filter(key => key !== '__proto__')
  const object = fc.dictionary(member, fc.jsonValue({ maxDepth: 4 }), { minKeys: 1, maxKeys: 6 })
  const indent = fc.constantFrom(0, 1, 3)
  fc.assert(
    fc.property(object, fc.nat(), fc.oneof(fc.string(), fc.integer()), indent, (value, pick, replacement, spaces) => {
      const keys = Object.keys(value)
      const key = keys[pick % keys.length] ?? ''
      const spliced = put(JSON.stringify(value, null, spaces), [key], replacement)
      const expected: JsonObject = { ...(JSON.parse(JSON.stringify(value)) as JsonObject), [key]: replacement }
      assert.deepEqual(JSON.parse(spliced ?? 'null'), expected)
    }),
  )
})
