import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { canonical, depthMax, hashOf } from './surface-hash.ts'

test('the order of members makes no difference, that of items does', () => {
  assert.equal(hashOf({ a: 1, b: { c: [1, 2], d: null } }), hashOf({ b: { d: null, c: [1, 2] }, a: 1 }))
  assert.notEqual(hashOf({ a: [1, 2] }), hashOf({ a: [2, 1] }))
})

test('no two different values share a spelling', () => {
  const value = fc.jsonValue()
  fc.assert(
    fc.property(value, value, (a, b) => {
      // Through a parser, as everything on a wire comes: it knows no difference between 0 and -0.
      const [x, y] = [JSON.parse(JSON.stringify(a)) as Json, JSON.parse(JSON.stringify(b)) as Json]
      let isSame = true
      try {
        assert.deepEqual(x, y)
      } catch {
        isSame = false
      }
      return (canonical(x) === canonical(y)) === isSame
    }),
    { numRuns: 1000 },
  )
})

test('one invisible character makes another digest', () => {
  assert.notEqual(hashOf({ description: 'Adds.' }), hashOf({ description: 'Adds.\u200b' }))
})

test('a schema without bottom is unreadable, never equal to another', () => {
  const deep = (levels: number): JsonObject => (levels === 0 ? {} : { items: deep(levels - 1) })
  assert.ok(hashOf(deep(depthMax)))
  assert.equal(hashOf(deep(depthMax + 1)), undefined)
})
