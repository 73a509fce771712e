import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { besideThose } from './overlap.ts'
import type { Span } from './view.ts'

test('a span that touches what is asked for through others lies beside it, one apart does not', () => {
  const spans: Span[] = [
    [20, 30],
    [0, 6],
    [5, 12],
    [11, 19],
    [30, 40],
  ]
  assert.deepEqual(besideThose(spans, [false, true, false, false, false]), [false, true, true, true, false])
  assert.deepEqual(besideThose(spans, [true, false, false, false, false]), [true, false, false, false, false])
  assert.deepEqual(besideThose([], []), [])
})

test('whatever spans there are, none overlaps one of another group', () => {
  const span = fc.tuple(fc.nat(60), fc.nat(8)).map(([from, units]): Span => [from, from + units])
  fc.assert(
    fc.property(fc.array(fc.tuple(span, fc.boolean())), asked => {
      const spans = asked.map(([each]) => each)
      const isBeside = besideThose(
        spans,
        asked.map(([, is]) => is),
      )
      for (const [i, [[from, to], is]] of asked.entries()) {
        if (is) assert.equal(isBeside[i], true)
        for (const [j, [start, end]] of spans.entries())
          if (from < end && to > start) assert.equal(isBeside[i], isBeside[j])
      }
    }),
  )
})
