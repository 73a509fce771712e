import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { outputMeter } from './output-meter.ts'

test("a minute's worth may come at once, one byte more may not, and after half a minute half of it may again", () => {
  const meter = outputMeter(1000)
  assert.equal(meter(1000, 5), true)
  assert.equal(meter(500, 30_005), true)
  assert.equal(meter(1, 30_005), false)
})

test('whatever the pace, no minute lets more than twice the amount pass, and what keeps to the amount always passes', () => {
  const pieces = fc.array(fc.tuple(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 20_000 })))
  fc.assert(
    fc.property(pieces, list => {
      const meter = outputMeter(6000)
      let [now, total] = [0, 0]
      for (const [bytes, waitMs] of list) {
        now += waitMs
        if (now > 60_000) break
        if (!meter(bytes, now)) break
        total += bytes
      }
      assert.ok(total <= 12_000)
      const steady = outputMeter(6000)
      for (let second = 0; second < 120; second++) assert.ok(steady(100, second * 1000))
    }),
  )
})
