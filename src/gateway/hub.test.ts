import assert from 'node:assert/strict'
import test from 'node:test'
import { echoServer, type Server, stage } from '../../test/fixtures/stage.ts'
import { guard } from '../core/guard.ts'

const greeting = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } }

test('two connections get a process each, so that one cannot hear the other', async () => {
  const { say, starts } = stage({ servers: { s: echoServer('t') } })
  await say('initialize', greeting, { connection: 'one' })
  await say('initialize', greeting, { connection: 'two' })
  assert.equal(starts.get('s'), 2)
})

test('ten conversations that end leave nothing behind', async () => {
  const { say, hub } = stage({ servers: { s: echoServer('t') } })
  for (let n = 0; n < 10; n++) {
    await say('initialize', greeting, { connection: `c${n}` })
    const conversation = hub.reception.find(`c${n}`, 'ann' as never)
    if (conversation) await hub.reception.finish(conversation)
  }
  assert.equal(hub.reception.size, 0)
})

test('closing the hub ends every conversation', async () => {
  const { say, hub } = stage({ servers: { s: echoServer('t') } })
  await say('initialize', greeting)
  await hub.close()
  assert.equal(hub.reception.size, 0)
})

test('a method that nobody knows passes to the only server, and its error comes back', async () => {
  const { answer } = await stage({ servers: { s: echoServer('t') } }).say('acme/do', { x: 1 })
  assert.equal(answer?.kind === 'error' && answer.error.message, 'no such method')
})

test('a handshake with a server that keeps no sessions leaves no conversation behind', async () => {
  const { say, hub } = stage({ servers: { s: echoServer('t') }, kind: 'http' })
  for (let n = 0; n < 10; n++) {
    const { answer } = await say('initialize', greeting, { isHttp: true, connection: `c${n}` })
    assert.equal(answer?.kind, 'result')
  }
  assert.equal(hub.reception.size, 0)
})

test('a client that hangs up over HTTP is heard by the server as a cancellation', async () => {
  const heard: string[] = []
  const server: Server = {
    answer: (asked, room) =>
      asked.method === 'tools/call' ? new Promise(() => {}) : echoServer('t').answer(asked, room),
    heard: envelope => heard.push('method' in envelope ? envelope.method : envelope.kind),
  }
  const { say } = stage({ servers: { s: server } })
  const gone = new AbortController()
  setTimeout(() => gone.abort(), 50)
  const { answer } = await say(
    'tools/call',
    { name: 't', arguments: {} },
    { era: 'modern', isHttp: true, signal: gone.signal },
  )
  assert.equal(answer, undefined)
  assert.deepEqual(heard, ['notifications/cancelled'])
})

test('an answer marks the work that asked, whoever of the same principal spoke meanwhile', async () => {
  const asked = Promise.withResolvers<void>()
  const mail = Promise.withResolvers<void>()
  const server: Server = {
    async answer({ method, params }) {
      if (method === 'tools/list') return { tools: [{ name: 'read' }, { name: 'send' }] }
      if (params['name'] === 'read') {
        asked.resolve()
        await mail.promise
      }
      return { content: [] }
    },
  }
  const stain = guard({
    id: 'stain',
    title: 'Marks what was read',
    threats: [],
    reads: ['tool.result'],
    options: {},
    inspect: ({ body, root }) =>
      body.tool === 'read'
        ? [{ rule: 'stain/read', severity: 'info', confidence: 'certain', at: root, facts: {}, labels: ['untrusted'] }]
        : [],
  })
  for (const servers of [{ s: server }, { s: server, t: echoServer('u') }]) {
    const labels: (readonly string[])[] = []
    const { say } = stage({
      servers,
      guards: [stain],
      verdict: ({ body }, _rules, held) => {
        if (body.kind === 'tool.call' && body.tool === 'send') labels.push(held)
        return { kind: 'allow' }
      },
    })
    const as = (work: string, tool: string) =>
      say(
        'tools/call',
        { name: 't' in servers ? `s__${tool}` : tool, _meta: { 'dev.sallyport/work': work } },
        { era: 'modern', isHttp: true },
      )
    const reading = as('mail', 'read')
    await asked.promise
    await as('code', 'send')
    mail.resolve()
    await reading
    await as('mail', 'send')
    await as('code', 'send')
    assert.deepEqual(labels, [[], ['untrusted'], []])
  }
})
