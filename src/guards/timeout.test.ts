import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { messageOf, play } from '../../test/situation.ts'
import { deadlineMs, timeout } from './timeout.ts'

const usual = { timeoutMs: 55_000, stretchedMs: 120_000 }

test('without progress a call has its time, with progress more, never more than the bound', () => {
  assert.equal(deadlineMs(1_000, 1_000, usual), 56_000)
  assert.equal(deadlineMs(1_000, 31_000, usual), 86_000)
  assert.equal(deadlineMs(1_000, 119_000, usual), 121_000)
})

test('no report of progress, honest or not, moves the deadline before its time or beyond the bound', () => {
  fc.assert(
    fc.property(fc.nat(1e9), fc.double(), (startedMs, progressMs) => {
      const deadline = deadlineMs(startedMs, progressMs, usual)
      assert.ok(deadline >= startedMs + 55_000 && deadline <= startedMs + 120_000)
    }),
  )
})

test('a tool with a long time of its own is not cut by the usual bound', () => {
  assert.equal(deadlineMs(0, 0, { timeoutMs: 300_000, stretchedMs: 120_000 }), 300_000)
})

test('the finding says how long was waited and how long was allowed', () => {
  const message = messageOf({ kind: 'tool.waiting', tool: 'slow', startedMs: 5, progressMs: 5 }, { atMs: 60_005 })
  assert.deepEqual(play(timeout)(message)[0]?.facts, { tool: 'slow', waitedMs: 60_000, allowedMs: 55_000 })
})
