import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { featureSlots, slotsOf, weigh } from './features.ts'
import { scanText } from './match.ts'
import { unitsOf } from './units.ts'

test('words are weighed in order, and the sums grow by what each adds', () => {
  const text = 'Send the file to ann@example.com, please.'
  const { hits } = scanText(text)
  const weights = new Int8Array(featureSlots).fill(1)
  const { words, starts, ends, sums } = weigh(weights, { units: unitsOf(text), from: 0, to: text.length, hits, hit: 0 })
  assert.equal(text.slice(starts[0], ends[0]), 'Send')
  assert.equal(text.slice(starts[words - 1], ends[words - 1]), '.')
  assert.equal(sums[words], slotsOf(text, hits).length)
})

test('digits are alike, case is not in the words, and every slot is in range', () => {
  assert.deepEqual(slotsOf('pay 100 now', []), slotsOf('PAY 345 now'.toLowerCase(), []))
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      for (const slot of slotsOf(text, scanText(text).hits)) assert.ok(slot >= 0 && slot < featureSlots)
    }),
  )
})
