import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { editDistance } from './edit-distance.ts'

test('each of the four slips costs one', () => {
  for (const slip of ['srver', 'serrver', 'sexver', 'sevrer']) assert.equal(editDistance(slip, 'server', 3), 1, slip)
})

test('the distance is symmetric, zero for equals alone, and cut off past its bound', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 12 })
  fc.assert(
    fc.property(word, word, fc.nat(5), (a, b, most) => {
      const there = editDistance(a, b, most)
      assert.equal(there, editDistance(b, a, most))
      assert.equal(there === 0, a === b)
      const whole = editDistance(a, b, 99)
      assert.equal(there, Math.min(whole, most + 1))
    }),
  )
})
