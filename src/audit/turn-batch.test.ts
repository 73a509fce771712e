import assert from 'node:assert/strict'
import test from 'node:test'
import { turnBatch } from './turn-batch.ts'

test('what is added in one turn is written once, in order, before anybody is answered', async () => {
  const writes: number[][] = []
  const batch = turnBatch<number>(items => writes.push([...items]), 10)
  const answers = [1, 2, 3].map(n => batch.add(n).then(() => writes.length))
  assert.deepEqual(writes, [])
  assert.deepEqual(await Promise.all(answers), [1, 1, 1])
  await batch.add(4)
  assert.deepEqual(writes, [[1, 2, 3], [4]])
})

test('promises that settle in one turn share a write', async () => {
  const writes: number[][] = []
  const batch = turnBatch<number>(items => writes.push([...items]), 100)
  await new Promise(resolve => setImmediate(resolve))
  await Promise.all(Array.from({ length: 20 }, (_, n) => Promise.resolve().then(() => batch.add(n))))
  assert.equal(writes.length, 1)
})

test('a turn that adds a great deal writes in between', async () => {
  const writes: number[][] = []
  const batch = turnBatch<number>(items => writes.push([...items]), 4)
  await Promise.all(Array.from({ length: 10 }, (_, n) => batch.add(n)))
  assert.deepEqual(
    writes.map(({ length }) => length),
    [4, 4, 2],
  )
})

test('a write that fails is told to everybody in it and to nobody after it', async () => {
  let isBroken = true
  const batch = turnBatch<number>(() => {
    if (isBroken) throw new Error('full')
  }, 10)
  const first = [batch.add(1), batch.add(2)]
  for (const one of await Promise.allSettled(first)) assert.equal(one.status, 'rejected')
  isBroken = false
  await batch.add(3)
})

test('a failed write that nobody waited for does not end the process', async () => {
  const batch = turnBatch<number>(() => {
    throw new Error('full')
  }, 10)
  void batch.add(1)
  await new Promise(resolve => setImmediate(resolve))
})
