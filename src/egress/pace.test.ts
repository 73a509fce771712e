import assert from 'node:assert/strict'
import test from 'node:test'
import { createPace } from './pace.ts'

test('a second holds so many, one alarm, and no more; the next second starts anew', () => {
  let ms = 500
  const pace = createPace(() => ms, 2)
  assert.deepEqual([pace(), pace(), pace(), pace()], ['free', 'free', 'last', 'full'])
  ms = 1000
  assert.equal(pace(), 'free')
})
