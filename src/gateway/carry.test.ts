import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { echoServer, type Server, stage } from '../../test/fixtures/stage.ts'
import { proves } from '../../test/guide/proves.ts'
import type { Envelope } from '../wire/envelope.ts'

const textOf = (answer: Envelope | undefined) => JSON.stringify(answer)
const hanging: Server = {
  answer: ({ method }, { signal }) =>
    method === 'tools/list'
      ? { tools: [{ name: 'slow' }] }
      : new Promise((_, reject) => signal.addEventListener('abort', reject)),
}

test('a call goes through and its answer comes back under the id of the client', async () => {
  const { say } = stage({ servers: { s: echoServer('t') } })
  const { answer } = await say('tools/call', { name: 't', arguments: { x: 1 } }, { id: 'mine' })
  assert.deepEqual(answer, { kind: 'result', id: 'mine', result: { content: [{ type: 'text', text: 't {"x":1}' }] } })
})

test('a blocked call never reaches the server, and the model is told why in a result', async () => {
  const heard: string[] = []
  const server: Server = {
    answer(asked, room) {
      heard.push(asked.method)
      return echoServer('t').answer(asked, room)
    },
  }
  const { say } = stage({
    servers: { s: server },
    verdict: ({ body }) => ({ kind: body.kind === 'tool.call' ? 'block' : 'allow' }),
  })
  const { answer } = await say('tools/call', { name: 't', arguments: {} })
  assert.ok(!heard.includes('tools/call'))
  assert.match(textOf(answer), /"isError":true.*|blocked by Sallyport/u)
  assert.match(textOf(answer), /dev\.sallyport\/decision/u)
})

test('a blocked answer is withheld whole', async () => {
  const { say } = stage({
    servers: { s: echoServer('t') },
    verdict: ({ body }) => ({ kind: body.kind === 'tool.result' ? 'block' : 'allow' }),
  })
  const { answer } = await say('tools/call', { name: 't', arguments: { secret: 'sesame' } })
  assert.doesNotMatch(textOf(answer), /sesame/u)
})

test('an ask without an approver is a no that says so', async () => {
  const { say } = stage({
    servers: { s: echoServer('t') },
    verdict: ({ body }) => (body.kind === 'tool.call' ? { kind: 'ask', edits: [] } : { kind: 'allow' }),
  })
  assert.match(textOf((await say('tools/call', { name: 't' })).answer), /Nobody could be asked/u)
})

test('an approval that comes after the client has gone runs nothing', async () => {
  const gone = new AbortController()
  let called = 0
  const server: Server = {
    answer(asked, room) {
      if (asked.method === 'tools/call') called++
      return echoServer('t').answer(asked, room)
    },
  }
  const ask = async () => {
    gone.abort()
    return { kind: 'yes', by: 'ann' } as const
  }
  const { say } = stage({
    servers: { s: server },
    approval: { ask },
    verdict: ({ body }) => (body.kind === 'tool.call' ? { kind: 'ask', edits: [] } : { kind: 'allow' }),
  })
  await say('tools/call', { name: 't' }, { signal: gone.signal })
  assert.equal(called, 0)
})

test(
  'a call that gives no answer in time is ended, and the server is told',
  proves('T6.timeout', 'C3.timeout'),
  async () => {
    const heard: Envelope[] = []
    const { say } = stage({
      servers: { s: { ...hanging, heard: envelope => void heard.push(envelope) } },
      deadlineMs: 30,
    })
    const { answer } = await say('tools/call', { name: 'slow' }, { id: 5 })
    assert.match(textOf(answer), /no answer within/u)
    const told = heard.find(({ kind }) => kind === 'notification')
    assert.deepEqual(told?.kind === 'notification' && [told.method, told.params['requestId']], [
      'notifications/cancelled',
      5,
    ])
  },
)

test('the client cancels, the server is told, and nothing is answered', async () => {
  const heard: Envelope[] = []
  const { say } = stage({ servers: { s: { ...hanging, heard: envelope => void heard.push(envelope) } } })
  const call = say('tools/call', { name: 'slow' }, { id: 5 })
  await new Promise(resolve => setTimeout(resolve, 20))
  await say('', {}, { envelope: { kind: 'notification', method: 'notifications/cancelled', params: { requestId: 5 } } })
  assert.equal((await call).answer, undefined)
  assert.equal(heard.filter(({ kind }) => kind === 'notification').length, 1)
})

test('a server that crashes in the middle is named as unavailable', async () => {
  const server: Server = {
    answer({ method }, { crash }) {
      if (method === 'tools/list') return { tools: [{ name: 't' }] }
      crash()
      return new Promise(() => {})
    },
  }
  const { say } = stage({ servers: { s: server } })
  assert.match(textOf((await say('tools/call', { name: 't' })).answer), /s is not available \(closed/u)
})

test('progress reaches the client before the answer', async () => {
  const server: Server = {
    async answer(asked, room) {
      if (asked.method !== 'tools/call') return echoServer('t').answer(asked, room)
      await room.tell({
        kind: 'notification',
        method: 'notifications/progress',
        params: { progressToken: 1, progress: 1 },
      })
      return { content: [] }
    },
  }
  const { seen } = await stage({ servers: { s: server } }).say('tools/call', { name: 't', _meta: { progressToken: 1 } })
  assert.deepEqual(
    seen.map(envelope => envelope.kind === 'notification' && envelope.method),
    ['notifications/progress'],
  )
})

test('when the record cannot be written, nothing passes in either direction', async () => {
  const record = () => {
    throw new Error('disk full')
  }
  const { answer } = await stage({ servers: { s: echoServer('t') }, record }).say('tools/call', { name: 't' })
  assert.match(textOf(answer), /cannot write its audit log/u)
})

test('a handshake that is repeated after a crash is the one that was let through, not the one that came', async () => {
  const shaken: unknown[] = []
  const fragile: Server = {
    answer({ method, params }, { crash }) {
      if (method === 'initialize') shaken.push(params['clientInfo'])
      if (method === 'tools/call') crash()
      return method === 'tools/list' ? { tools: [{ name: 't' }] } : { capabilities: {} }
    },
  }
  const { say } = stage({
    servers: { s: fragile },
    verdict: ({ body, from }) =>
      body.kind === 'other' && body.method === 'initialize' && from === 'client'
        ? { kind: 'rewrite', edits: [{ at: '/params/clientInfo/name', set: 'cut' }] }
        : { kind: 'allow' },
  })
  await say('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'secret' } })
  await say('tools/call', { name: 't' })
  await sleep(400)
  await say('tools/list')
  assert.deepEqual(shaken, [{ name: 'cut' }, { name: 'cut' }])
})

test('a call that its client cancels before it went out never runs', async () => {
  const listed = Promise.withResolvers<void>()
  const heard: string[] = []
  const server: Server = {
    async answer(asked, room) {
      heard.push(asked.method)
      if (asked.method === 'tools/list') await listed.promise
      return echoServer('pay').answer(asked, room)
    },
  }
  const { say } = stage({ servers: { s: server } })
  const call = say('tools/call', { name: 'pay' }, { id: 9 })
  await sleep(10)
  await say('', {}, { envelope: cancelling(9) })
  listed.resolve()
  assert.equal((await call).answer, undefined)
  assert.deepEqual(heard, ['tools/list'])
})

test('the clients of a crowd cannot cancel the calls of each other by guessing ids', async () => {
  const heard: Envelope[] = []
  const how = { era: 'modern', isHttp: true } as const
  const { say } = stage({
    servers: { s: { ...hanging, heard: envelope => void heard.push(envelope) } },
    deadlineMs: 200,
  })
  const call = say('tools/call', { name: 'slow' }, { ...how, id: 1, connection: 'one' })
  await sleep(30)
  for (const id of ['sallyport-1', 'sallyport-2', 'sallyport-3', 's sallyport-2', 's sallyport-3', 1])
    await say('', {}, { ...how, connection: 'two', envelope: cancelling(id) })
  assert.deepEqual(heard, [])
  assert.match(textOf((await call).answer), /no answer within/u)
})

test('requests of the modern era that are over leave nothing on the signal of their connection', async () => {
  const { signal } = new AbortController()
  const { say } = stage({ servers: { s: echoServer('t') } })
  for (let id = 0; id < 3; id++) await say('tools/call', { name: 't' }, { id, era: 'modern', signal })
  assert.equal(getEventListeners(signal, 'abort').length, 0)
})

test('what a request is about is named by a text, or it goes nowhere: rules match on names', async () => {
  const heard: string[] = []
  const server: Server = {
    answer(asked, room) {
      if (asked.method !== 'tools/list') heard.push(asked.method)
      return asked.method.startsWith('tools/') ? echoServer('t').answer(asked, room) : {}
    },
  }
  const { say } = stage({ servers: { s: server } })
  for (const [method, member] of [
    ['tools/call', 'name'],
    ['prompts/get', 'name'],
    ['resources/read', 'uri'],
    ['resources/subscribe', 'uri'],
    ['resources/unsubscribe', 'uri'],
  ] as const)
    for (const name of [['file:///etc/passwd'], { toString: 'x' }, 7, null]) {
      const { answer } = await say(method, { [member]: name })
      assert.match(textOf(answer), /-32602.*must be a text/u, method)
    }
  assert.deepEqual(heard, [])
})

function cancelling(requestId: string | number): Envelope {
  return { kind: 'notification', method: 'notifications/cancelled', params: { requestId } }
}
