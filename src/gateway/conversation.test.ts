import assert from 'node:assert/strict'
import test from 'node:test'
import { type Frame, frameOf } from '../wire/envelope.ts'
import { newOutbox } from './conversation.ts'

const note = (n: number): Frame => frameOf({ kind: 'notification', method: `n/${n}`, params: {} })
const nameOf = (frame: Frame) => (frame.envelope.kind === 'notification' ? frame.envelope.method : '')

test('what comes while nobody listens is kept and handed over in order', async () => {
  const outbox = newOutbox()
  await outbox.push(note(1))
  await outbox.push(note(2))
  const seen: string[] = []
  outbox.attach(async frame => void seen.push(nameOf(frame)))
  await outbox.push(note(3))
  await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual(seen.toSorted(), ['n/1', 'n/2', 'n/3'])
})

test('a client that never listens costs 256 messages at most', async () => {
  const outbox = newOutbox()
  for (let n = 0; n < 1000; n++) await outbox.push(note(n))
  const seen: string[] = []
  outbox.attach(async frame => void seen.push(nameOf(frame)))
  await new Promise(resolve => setImmediate(resolve))
  assert.equal(seen.length, 256)
  assert.equal(seen[0], 'n/744')
})

test('a detached stream is not written to again', async () => {
  const outbox = newOutbox()
  const seen: string[] = []
  outbox.attach(async frame => void seen.push(nameOf(frame)))()
  await outbox.push(note(1))
  assert.deepEqual(seen, [])
})
