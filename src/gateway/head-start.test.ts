import assert from 'node:assert/strict'
import test from 'node:test'
import type { Principal } from '../core/brand.ts'
import { frameOf } from '../wire/envelope.ts'
import { type Link, LinkError, type LinkEvents, type WireOddity } from '../wire/link.ts'
import { headStart } from './head-start.ts'

const who = 'ann' as Principal
const said = frameOf({ kind: 'notification', method: 'notifications/message', params: {} })

const noOddity = ({ detail }: WireOddity) => assert.fail(detail)

function openable({ fails = false, idleMs = 60_000, closed: over = new Promise<string>(() => {}) } = {}) {
  const opened: LinkEvents[] = []
  const closed: number[] = []
  const open = async (events: LinkEvents): Promise<Link> => {
    const count = opened.push(events)
    if (fails && count === 1) throw new LinkError('spawn-failed', 'no such program')
    const close = async () => void closed.push(count)
    return { close, closed: over, request: async () => undefined, notify: async () => undefined }
  }
  return { opened, closed, setup: { kind: 'stdio', idleMs, open } as const }
}

function ear() {
  const heard: string[] = []
  const events: LinkEvents = {
    unsolicited: async ({ envelope }) => void heard.push('method' in envelope ? envelope.method : ''),
    oddity: ({ detail }) => void heard.push(detail),
  }
  return { heard, events }
}

test('the first to ask gets the connection that was begun, the next one a connection of its own', async () => {
  const { opened, closed, setup } = openable()
  const early = headStart(setup, { who, oddity: noOddity })
  await early.begun
  assert.equal(opened.length, 1)
  const first = await early.setup.open(ear().events, who)
  assert.equal(opened.length, 1)
  await early.setup.open(ear().events, who)
  assert.equal(opened.length, 2)
  await early.close()
  assert.deepEqual(closed, [], 'what was handed out is not its business any more')
  await first.close()
  assert.deepEqual(closed, [1])
})

test('what a server says before it is asked waits for whoever asks; complaints are told at once', async () => {
  const { opened, setup } = openable()
  const complaints: string[] = []
  const early = headStart(setup, { who, oddity: ({ detail }) => complaints.push(detail) })
  const handed = opened[0]?.unsolicited(said)
  opened[0]?.oddity({ code: 'stderr', detail: 'up', sample: '' })
  assert.deepEqual(complaints, ['up'])
  const { heard, events } = ear()
  await early.setup.open(events, who)
  await handed
  opened[0]?.oddity({ code: 'stderr', detail: 'more', sample: '' })
  assert.deepEqual([heard, complaints], [['notifications/message', 'more'], ['up']])
})

test('a start that failed is told to the first who asks, and tried again for the next', async () => {
  const { setup } = openable({ fails: true })
  const early = headStart(setup, { who, oddity: noOddity })
  await early.begun
  await assert.rejects(early.setup.open(ear().events, who), /no such program/u)
  await early.setup.open(ear().events, who)
})

test('what nobody asked for is ended', async () => {
  const { closed, setup } = openable()
  await headStart(setup, { who, oddity: noOddity }).close()
  assert.deepEqual(closed, [1])
})

test('what nobody asked for is ended when its time is up, and begun anew for whoever comes later', async () => {
  const { opened, closed, setup } = openable({ idleMs: 5 })
  const early = headStart(setup, { who, oddity: noOddity })
  while (closed.length === 0) await new Promise(resolve => setTimeout(resolve, 1))
  await early.setup.open(ear().events, who)
  assert.deepEqual([opened.length, closed], [2, [1]])
})

test('a server that ended before anybody came is begun anew', async () => {
  const { opened, setup } = openable({ closed: Promise.resolve('it ended') })
  const early = headStart(setup, { who, oddity: noOddity })
  await early.begun
  await new Promise(resolve => setImmediate(resolve))
  await early.setup.open(ear().events, who)
  assert.equal(opened.length, 2)
})
