import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { endOfString, readSlowly } from './json-reader.ts'

test('the slow reader reads every valid text as the native parser does', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 1, '\t'), (value, space) => {
      assert.deepEqual(readSlowly(JSON.stringify(value, undefined, space)), {
        value: JSON.parse(JSON.stringify(value)),
      })
    }),
    { numRuns: 300 },
  )
})

test('a key that comes twice is named with its place', () => {
  assert.deepEqual(readSlowly('[{"x":{}}, {"x" : 1 , "\\u0078":2}]'), { doubled: 'x', at: 22 })
})

test('__proto__ is a key like any other', () => {
  const read = readSlowly('{"__proto__":{"admin":true}}')
  assert.ok('value' in read && Object.hasOwn(read.value as object, '__proto__'))
  assert.equal(({} as { admin?: boolean }).admin, undefined)
})

test('a string ends at its first quote that is not escaped', () => {
  assert.equal(endOfString('"a\\\\"', 1), 4)
  assert.equal(endOfString('"a\\""', 1), 4)
  assert.equal(endOfString('"a\\"', 1), -1)
})
