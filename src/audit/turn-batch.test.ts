import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { turnBatch } from './turn-batch.ts'

const nextTurn = () => new Promise(resolve => setImmediate(resolve))

test('what comes alone in its turn is written before add returns', async () => {
  const writes: number[][] = []
  const batch = turnBatch<number>(items => writes.push([...items]), 10)
  for (const n of [1, 2, 3]) {
    assert.equal(batch.add(n), undefined)
    assert.deepEqual(writes.at(-1), [n])
    await nextTurn()
  }
})

test('what else comes in a turn is written once, in order, before anybody is answered', async () => {
  const writes: number[][] = []
  const batch = turnBatch<number>(items => writes.push([...items]), 10)
  const answers = [1, 2, 3].map(n => Promise.resolve(batch.add(n)).then(() => writes.length))
  assert.deepEqual(writes, [[1]])
  assert.deepEqual((await Promise.all(answers)).slice(1), [2, 2])
  assert.deepEqual(writes, [[1], [2, 3]])
})

test('after a turn that had several things, the first of the next waits for others too', async () => {
  const writes: number[][] = []
  const batch = turnBatch<number>(items => writes.push([...items]), 10)
  void batch.add(1)
  void batch.add(2)
  await nextTurn()
  const third = batch.add(3)
  assert.deepEqual(writes, [[1], [2]])
  await Promise.all([third, batch.add(4)])
  assert.deepEqual(writes, [[1], [2], [3, 4]])
  await nextTurn()
  await batch.add(5)
  await nextTurn()
  assert.equal(batch.add(6), undefined)
  assert.deepEqual(writes.slice(3), [[5], [6]])
})

test('promises that settle in one turn share a write, the first apart', async () => {
  const writes: number[][] = []
  const batch = turnBatch<number>(items => writes.push([...items]), 100)
  await nextTurn()
  await Promise.all(Array.from({ length: 20 }, (_, n) => Promise.resolve().then(() => batch.add(n))))
  assert.equal(writes.length, 2)
})

test('a turn that adds a great deal writes in between', async () => {
  const writes: number[][] = []
  const batch = turnBatch<number>(items => writes.push([...items]), 4)
  await Promise.all(Array.from({ length: 11 }, (_, n) => batch.add(n)))
  assert.deepEqual(
    writes.map(({ length }) => length),
    [1, 4, 4, 2],
  )
})

test('whatever comes when, everything is written once, in the order in which it was added, before it is answered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 12 }), async turns => {
      const written: number[] = []
      const batch = turnBatch<number>(items => written.push(...items), 3)
      let added = 0
      const answers: Promise<void>[] = []
      for (const size of turns) {
        for (let i = 0; i < size; i++) {
          const item = added++
          answers.push(Promise.resolve(batch.add(item)).then(() => assert.ok(written.includes(item))))
        }
        await nextTurn()
      }
      await Promise.all(answers)
      assert.deepEqual(written, [...Array(added).keys()])
    }),
    { numRuns: 50 },
  )
})

test('a write that fails is told to everybody in it and to nobody after it', async () => {
  let isBroken = true
  const batch = turnBatch<number>(() => {
    if (isBroken) throw new Error('full')
  }, 10)
  assert.throws(() => batch.add(0), /full/u)
  const first = [batch.add(1), batch.add(2)]
  for (const one of await Promise.allSettled(first)) assert.equal(one.status, 'rejected')
  isBroken = false
  await batch.add(3)
})

test('a failed write that nobody waited for does not end the process', async () => {
  let writes = 0
  const batch = turnBatch<number>(() => {
    writes++
    if (writes > 1) throw new Error('full')
  }, 10)
  void batch.add(1)
  void batch.add(2)
  await nextTurn()
  assert.equal(writes, 2)
})
