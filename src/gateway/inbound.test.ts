import assert from 'node:assert/strict'
import test from 'node:test'
import { echoServer, type Server, stage } from '../../test/fixtures/stage.ts'
import type { Envelope } from '../wire/envelope.ts'

const asking = (heard: Envelope[], id: number): Server => ({
  async answer(asked, room) {
    if (asked.method !== 'tools/call') return echoServer('t').answer(asked, room)
    await room.tell({ kind: 'request', id, method: 'sampling/createMessage', params: { messages: [] } })
    return { content: [] }
  },
  heard: envelope => void heard.push(envelope),
})
const reply = (id: string | number): Envelope => ({ kind: 'result', id, result: { role: 'assistant' } })

test('a question of a server reaches the client and its answer the server', async () => {
  const heard: Envelope[] = []
  const { say } = stage({ servers: { s: asking(heard, 7) } })
  const { seen } = await say('tools/call', { name: 't' })
  assert.deepEqual(
    seen.map(envelope => envelope.kind === 'request' && envelope.id),
    [7],
  )
  await say('', {}, { envelope: reply(7) })
  assert.deepEqual(heard, [reply(7)])
})

test('questions of two servers with the same id are told apart, and each gets its own answer', async () => {
  const one: Envelope[] = []
  const two: Envelope[] = []
  const { say } = stage({ servers: { a: asking(one, 1), b: asking(two, 1) } })
  const first = await say('tools/call', { name: 'a__t' })
  const second = await say('tools/call', { name: 'b__t' })
  const ids = [...first.seen, ...second.seen].map(envelope => (envelope.kind === 'request' ? envelope.id : 0))
  assert.equal(new Set(ids).size, 2)
  await say('', {}, { envelope: reply(ids[1] ?? '') })
  assert.deepEqual([one, two], [[], [reply(1)]])
})

test('a question that policy blocks is not shown, and the server is told no', async () => {
  const heard: Envelope[] = []
  const { say } = stage({
    servers: { s: asking(heard, 7) },
    verdict: ({ body }) => ({ kind: body.kind === 'sampling.request' ? 'block' : 'allow' }),
  })
  assert.deepEqual((await say('tools/call', { name: 't' })).seen, [])
  assert.deepEqual(
    heard.map(envelope => envelope.kind === 'error' && envelope.id),
    [7],
  )
})

test('an answer that no server asked for goes to no server', async () => {
  const heard: Envelope[] = []
  const { say } = stage({ servers: { s: asking(heard, 7) } })
  await say('tools/call', { name: 't' })
  await say('', {}, { envelope: reply(8) })
  await say('', {}, { envelope: reply(7) })
  await say('', {}, { envelope: reply(7) })
  assert.deepEqual(heard, [reply(7)])
})

test('a changed list is announced, and what was known of the tools is forgotten', async () => {
  const { say, tell, hub } = stage({ servers: { s: echoServer('t') } })
  await say('tools/call', { name: 't' })
  const told: string[] = []
  const conversation = hub.reception.find('one', 'ann' as never)
  conversation?.outbox.attach(
    async ({ envelope }) => void told.push(envelope.kind === 'notification' ? envelope.method : ''),
  )
  await tell('s', { kind: 'notification', method: 'notifications/tools/list_changed', params: {} })
  assert.deepEqual(told, ['notifications/tools/list_changed'])
})

test('a client that does not read keeps nobody from hearing that what is offered has changed', async () => {
  const { say, hub } = stage({ servers: { s: echoServer('t'), r: echoServer('u') } })
  const told: string[] = []
  for (const connection of ['stuck', 'well']) {
    await say('initialize', { protocolVersion: '2025-11-25' }, { connection })
    const conversation = hub.reception.find(connection, 'ann' as never)
    assert.ok(conversation)
    conversation.outbox.attach(({ envelope }) => {
      if (connection === 'stuck') return new Promise<void>(() => {})
      told.push(envelope.kind === 'notification' ? envelope.method : '')
      return Promise.resolve()
    })
  }
  hub.announceChange()
  assert.deepEqual(
    told,
    ['tools', 'prompts', 'resources'].map(list => `notifications/${list}/list_changed`),
  )
})
