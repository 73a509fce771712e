import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { type Json, valueAt } from '../core/json.ts'
import { measure, measuredDepthMax, placeOf } from './measure.ts'

test('depth, items, characters and numbers are those of the value', () => {
  assert.deepEqual(measure({ a: [1, -7, [2]], bc: 'four' }), { depth: 3, items: 3, chars: 7, longest: 4, number: 7 })
  assert.deepEqual(measure('text'), { depth: 0, items: 0, chars: 4, longest: 4, number: 0 })
  assert.deepEqual(measure(undefined), measure(null))
})

test('characters are those of all strings and keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.array(fc.string())), value => {
      const all = [...Object.keys(value), ...Object.values(value).flat()]
      assert.equal(measure(value).chars, all.join('').length)
      assert.equal(measure(value).longest, Math.max(0, ...all.map(text => text.length)))
    }),
  )
})

test('a value of any depth is measured without falling over, and said to be too deep', () => {
  let deep: Json = 'x'
  for (let i = 0; i < 200_000; i++) deep = [deep]
  assert.equal(measure(deep).depth, measuredDepthMax + 1)
  assert.equal(
    placeOf(deep, value => value === 'x'),
    undefined,
  )
})

test('a place leads to the value that was asked for', () => {
  const value = { a: [{ 'b/c': 9 }] }
  const at = placeOf(value, found => found === 9)
  assert.equal(at, '/a/0/b~1c')
  assert.equal(valueAt(value, at ?? ''), 9)
  assert.equal(
    placeOf(value, found => found === 8),
    undefined,
  )
})
