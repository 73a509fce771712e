import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import type { Json } from '../core/json.ts'
import { jsonHash } from './json-hash.ts'

test('the order of members does not matter, the order of items does', () => {
  assert.equal(jsonHash({ a: 1, b: [{ c: 2, d: 3 }] }), jsonHash({ b: [{ d: 3, c: 2 }], a: 1 }))
  assert.notEqual(jsonHash([1, 2]), jsonHash([2, 1]))
})

test('values that read alike are told apart', () => {
  const values: Json[] = [
    1,
    '1',
    true,
    'true',
    null,
    'null',
    '',
    [],
    {},
    [[]],
    [{}],
    { a: 1 },
    { a: '1' },
    ['a', 1],
    { a: { b: 1 } },
    { a: 1, b: 1 },
    { b: 1 },
  ]
  assert.equal(new Set(values.map(jsonHash)).size, values.length)
})

test('different values rarely meet: none of ten thousand ordinary calls does', () => {
  const seen = new Set(Array.from({ length: 10_000 }, (_, i) => jsonHash({ path: `/src/file-${i}.ts`, line: i % 7 })))
  assert.ok(seen.size >= 9_990)
})

test('equal values are always equal, whatever they are', () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const plain = JSON.parse(JSON.stringify(value)) as Json
      assert.equal(jsonHash(plain), jsonHash(JSON.parse(JSON.stringify(plain)) as Json))
    }),
  )
})

test('long strings with the same ends and different lengths, and values of any depth, are no trouble', () => {
  assert.notEqual(jsonHash('x'.repeat(100_000)), jsonHash('x'.repeat(100_001)))
  let deep: Json = 'x'
  for (let i = 0; i < 100_000; i++) deep = [deep]
  assert.equal(typeof jsonHash(deep), 'number')
})
