import assert from 'node:assert/strict'
import test from 'node:test'
import { operatingPoints } from './operating-points.ts'

test('blocking needs a higher score than asking, and what bears a score out is worth less than a higher score', () => {
  for (const { faint, aimed, ask, turned, block } of Object.values(operatingPoints)) {
    assert.ok(block > ask)
    assert.deepEqual(
      [faint, aimed, ask, turned, block].toSorted((a, b) => a - b),
      [faint, aimed, ask, turned, block],
    )
  }
})
