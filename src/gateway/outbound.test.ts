import assert from 'node:assert/strict'
import test from 'node:test'
import { echoServer, type Server, stage } from '../../test/fixtures/stage.ts'
import type { Envelope } from '../wire/envelope.ts'

const note = (method: string): Envelope => ({ kind: 'notification', method, params: {} })

test('a notification reaches every server that runs, and starts none', async () => {
  const heard: string[] = []
  const server = (name: string) => ({ ...echoServer('t'), heard: () => void heard.push(name) })
  const { say, starts } = stage({ servers: { a: server('a'), b: server('b') } })
  await say('', {}, { envelope: note('notifications/roots/list_changed') })
  assert.deepEqual([...starts], [])
  await say('tools/list')
  await say('', {}, { envelope: note('notifications/roots/list_changed') })
  assert.deepEqual(heard.toSorted(), ['a', 'b'])
})

test('a notification that policy blocks is dropped', async () => {
  const heard: Envelope[] = []
  const server = { ...echoServer('t'), heard: (envelope: Envelope) => void heard.push(envelope) }
  const { say } = stage({
    servers: { s: server },
    verdict: ({ body }) => ({ kind: body.kind === 'notification' ? 'block' : 'allow' }),
  })
  await say('tools/list')
  await say('', {}, { envelope: note('acme/spy') })
  assert.deepEqual(heard, [])
})

test('a cancellation of something that is not in flight is passed on as it came', async () => {
  const heard: Envelope[] = []
  const { say } = stage({ servers: { s: { ...echoServer('t'), heard: envelope => void heard.push(envelope) } } })
  await say('tools/list')
  const late: Envelope = { kind: 'notification', method: 'notifications/cancelled', params: { requestId: 99 } }
  await say('', {}, { envelope: late })
  assert.deepEqual(heard, [late])
})

test('a cancellation that policy blocks still cancels, but its words go nowhere', async () => {
  const heard: Envelope[] = []
  const waiting = Promise.withResolvers<void>()
  const slow: Server = {
    answer: ({ method }) => {
      if (method !== 'tools/call') return { tools: [{ name: 't' }] }
      waiting.resolve()
      return new Promise<never>(() => {})
    },
    heard: envelope => void heard.push(envelope),
  }
  const { say } = stage({
    servers: { s: slow },
    verdict: ({ body }) => ({ kind: body.kind === 'notification' ? 'block' : 'allow' }),
  })
  const call = say('tools/call', { name: 't' }, { id: 7 })
  await waiting.promise
  const params = { requestId: 7, reason: 'the key is hunter2' }
  await say('', {}, { envelope: { kind: 'notification', method: 'notifications/cancelled', params } })
  assert.equal((await call).answer, undefined)
  assert.deepEqual(heard, [{ kind: 'notification', method: 'notifications/cancelled', params: { requestId: 7 } }])
})

test('what a client asks after a notification reaches the server after it, as servers that get ready by it need', async () => {
  const order: string[] = []
  const server: Server = {
    ...echoServer('t'),
    answer: ({ method }) => {
      order.push(method)
      return { tools: [] }
    },
    heard: () => void order.push('heard'),
  }
  const { say } = stage({ servers: { s: server } })
  await say('tools/list')
  await Promise.all([say('', {}, { envelope: note('notifications/initialized') }), say('prompts/list')])
  assert.deepEqual(order, ['tools/list', 'heard', 'prompts/list'])
})

test('two notifications reach the server before what is asked after them, also where the first is the slower', async () => {
  const order: string[] = []
  const server: Server = {
    ...echoServer('t'),
    answer: ({ method }) => {
      order.push(method)
      return { tools: [] }
    },
    heard: async envelope => {
      if ('method' in envelope && envelope.method === 'notifications/initialized')
        await new Promise(resolve => setTimeout(resolve, 20))
      order.push('heard')
    },
  }
  const { say } = stage({ servers: { s: server } })
  await say('tools/list')
  const notes = ['notifications/initialized', 'notifications/roots/list_changed']
  await Promise.all([...notes.map(method => say('', {}, { envelope: note(method) })), say('prompts/list')])
  assert.deepEqual(order, ['tools/list', 'heard', 'heard', 'prompts/list'])
})
