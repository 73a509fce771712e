import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { newFairQueue } from './fair-queue.ts'

test('whoever brings one thing waits for one thing of each other, not for all of them', () => {
  const queue = newFairQueue<string>(10)
  for (const item of ['a1', 'a2', 'a3']) queue.add('ann', item)
  queue.add('bob', 'b1')
  queue.add('cid', 'c1')
  assert.deepEqual(
    Array.from({ length: 6 }, () => queue.next()),
    ['a1', 'b1', 'c1', 'a2', 'a3', undefined],
  )
})

test('each line keeps its order and its bound, and nothing is lost or made up', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('ann', 'bob', 'cid'), { maxLength: 40 }), brought => {
      const queue = newFairQueue<readonly [string, number]>(5)
      const taken = brought.flatMap((whose, n) => (queue.add(whose, [whose, n]) ? [[whose, n] as const] : []))
      const out = taken.map(() => queue.next())
      assert.equal(queue.next(), undefined)
      assert.ok(queue.isEmpty())
      for (const whose of ['ann', 'bob', 'cid']) {
        const own = taken.filter(one => one[0] === whose)
        assert.ok(own.length <= 5)
        assert.deepEqual(
          out.filter(one => one?.[0] === whose),
          own,
        )
      }
    }),
  )
})
