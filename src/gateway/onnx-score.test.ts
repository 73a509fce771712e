import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { attackShare } from './onnx-score.ts'

test('two logits share one whole, one logit has a share of its own, and shares stay what they are', () => {
  assert.equal(attackShare([0, 0], [1]), 0.5)
  assert.ok(Math.abs((attackShare([-2, 2], [1]) ?? 0) - 1 / (1 + Math.exp(-4))) < 1e-12)
  assert.ok(Math.abs((attackShare([2], [0]) ?? 0) - 1 / (1 + Math.exp(-2))) < 1e-12)
  assert.equal(attackShare([0.25, 0.75], [1]), 0.75)
  assert.equal(attackShare([0.5, 0.25, 0.25], [1, 2]), 0.5)
})

test('what is no number is no score', () => {
  for (const row of [[], [Number.NaN, 1], [Number.POSITIVE_INFINITY, 0]]) assert.equal(attackShare(row, [0]), undefined)
})

test('a score lies between 0 and 1, and a higher logit of the attack never lowers it', () => {
  const logit = fc.double({ min: -80, max: 80, noNaN: true })
  fc.assert(
    fc.property(
      fc.array(logit, { minLength: 2, maxLength: 5 }),
      fc.double({ min: 0, max: 9, noNaN: true }),
      (row, more) => {
        const above = row.map(value => value + 200)
        const raised = above.with(1, (above[1] ?? 0) + more)
        const [before = -1, after = -1] = [attackShare(above, [1]), attackShare(raised, [1])]
        assert.ok(before >= 0 && after <= 1 && after >= before - 1e-12)
      },
    ),
  )
})
