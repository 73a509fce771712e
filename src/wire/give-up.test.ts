import assert from 'node:assert/strict'
import test from 'node:test'
import { newGiveUp } from './give-up.ts'

test('whoever waits for it and whoever holds its signal hear of it, once', () => {
  const giveUp = newGiveUp()
  let times = 0
  giveUp.onGivenUp(() => times++)
  const signal = giveUp.signal()
  assert.deepEqual([giveUp.isGivenUp(), signal.aborted, times], [false, false, 0])
  giveUp.now()
  giveUp.now()
  assert.deepEqual([giveUp.isGivenUp(), signal.aborted, times], [true, true, 1])
})

test('who comes after it is told at once', () => {
  const giveUp = newGiveUp()
  giveUp.now()
  let times = 0
  giveUp.onGivenUp(() => times++)
  assert.equal(times, 1)
  assert.equal(giveUp.signal().aborted, true)
})
