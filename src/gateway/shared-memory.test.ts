import assert from 'node:assert/strict'
import test from 'node:test'
import { newSharedMemory, sharedMax } from './shared-memory.ts'

test('the value that was unchanged longest goes first when the memory is full', () => {
  const memory = newSharedMemory()
  for (let n = 0; n < sharedMax; n++) memory.absorb({ [`k${n}`]: n })
  memory.absorb({ k0: 'again' })
  memory.absorb({ extra: true })
  assert.equal(memory.values.size, sharedMax)
  assert.equal(memory.values.get('k0'), 'again')
  assert.equal(memory.values.has('k1'), false)
})

test('what was kept is there again, and changes are written together', async () => {
  const saved: string[][] = []
  const kept = {
    load: () => [{ key: 'rate/a', value: [1, 2] }],
    save: (entries: readonly { key: string }[]) => saved.push(entries.map(({ key }) => key)) > 0,
  }
  const memory = newSharedMemory(kept)
  assert.deepEqual(memory.values.get('rate/a'), [1, 2])
  for (let i = 0; i < 100; i++) memory.absorb({ 'rate/a': i, 'rate/b': i })
  assert.deepEqual(saved, [])
  memory.flush()
  memory.flush()
  assert.deepEqual(saved, [['rate/a', 'rate/b']])
})

test('what could not be written is tried again', () => {
  let isFull = true
  const saved: number[] = []
  const save = (entries: readonly unknown[]) => saved.push(entries.length) > 0 && !isFull
  const memory = newSharedMemory({ load: () => [], save })
  memory.absorb({ a: 1 })
  memory.flush()
  isFull = false
  memory.absorb({ b: 1 })
  memory.flush()
  memory.flush()
  assert.deepEqual(saved, [1, 2])
})
