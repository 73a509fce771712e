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
