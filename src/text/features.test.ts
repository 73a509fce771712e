import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { featureSlots, reachUnits, slotsOf, weigh } from './features.ts'
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

test('no window that ends in a block weighs more than the block says', () => {
  const word = fc.constantFrom('a', 'of', 'tables', '\n\n', ' ', 'x'.repeat(39), '-'.repeat(700), 'é', '日', 'NOW')
  const texts = fc.array(word, { minLength: 1, maxLength: 900 }).map(words => words.join(' '))
  const weights = new Int8Array(featureSlots)
  for (let slot = 0; slot < featureSlots; slot++) weights[slot] = (slot % 11) - 5
  fc.assert(
    fc.property(texts, text => {
      const weighed = weigh(weights, { units: unitsOf(text), from: 0, to: text.length, hits: [], hit: 0 })
      const { words, starts, ends, sums, blocks, rises } = weighed
      assert.equal(blocks[rises.length], words)
      for (const [block, rise] of rises.entries())
        for (let to = blocks[block] ?? 0; to < (blocks[block + 1] ?? 0); to++)
          for (let from = to; from >= 0; from--) {
            if (from < to && (ends[to] ?? 0) - (starts[from] ?? 0) > reachUnits) break
            assert.ok((sums[to + 1] ?? 0) - (sums[from] ?? 0) <= rise)
            assert.ok(from >= (blocks[block - 1] ?? 0))
          }
    }),
    { numRuns: 60 },
  )
})
