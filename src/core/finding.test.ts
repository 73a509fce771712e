import assert from 'node:assert/strict'
import test from 'node:test'
import { isAtLeast, severities } from './finding.ts'

test('severities are ordered from info to critical, and each is at least itself', () => {
  for (const [i, severity] of severities.entries())
    assert.deepEqual(
      severities.map(floor => isAtLeast(severity, floor)),
      severities.map((_, j) => i >= j),
    )
})
