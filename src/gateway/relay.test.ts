import assert from 'node:assert/strict'
import test from 'node:test'
import { echoServer, type Server, stage } from '../../test/fixtures/stage.ts'
import type { Principal } from '../core/brand.ts'
import type { Envelope } from '../wire/envelope.ts'
import type { ClientStream, HttpAnswer } from '../wire/link.ts'

function stream(session?: string): { stream: ClientStream; ended: Promise<HttpAnswer | undefined> } {
  const over = Promise.withResolvers<HttpAnswer | undefined>()
  return {
    ended: over.promise,
    stream: {
      connection: 'c',
      principal: 'ann' as Principal,
      headers: session === undefined ? {} : { 'mcp-session-id': session },
      signal: new AbortController().signal,
      send: async () => {},
      end: async answer => over.resolve(answer),
      relay: { opened: () => {}, marked: async () => {} },
    },
  }
}

test('a stream for a session that nobody opened is turned away', async () => {
  const { hub } = stage({ servers: { s: echoServer('t') } })
  const { stream: made, ended } = stream('made-up')
  await hub.listen(made)
  assert.equal((await ended)?.status, 404)
})

test('a stream that is asked for before there is a session is said not to be offered, which clients take calmly', async () => {
  const { hub } = stage({ servers: { s: echoServer('t') } })
  const { stream: made, ended } = stream()
  await hub.listen(made)
  assert.deepEqual(await ended, { status: 405, headers: { allow: 'POST' } })
})

test('ending a session that nobody opened says so', async () => {
  const { hub } = stage({ servers: { s: echoServer('t') } })
  const answer = await hub.finish({ headers: { 'mcp-session-id': 'made-up' }, principal: 'ann' as Principal })
  assert.equal(answer.status, 404)
})

test('a session is ended by its own principal alone', async () => {
  const { hub, say } = stage({ servers: { s: echoServer('t') } })
  await say('initialize', {}, { connection: 'mine' })
  const headers = { 'mcp-session-id': 'mine' }
  assert.equal((await hub.finish({ headers, principal: 'eve' as Principal })).status, 404)
  assert.equal((await hub.finish({ headers, principal: 'ann' as Principal })).status, 200)
  assert.equal(hub.reception.size, 0)
})

test('on a stream that resumes, only what a request of the client waits for is shown, judged as its answer', async () => {
  const seen: Envelope[] = []
  const kinds: string[] = []
  const result = (id: string | number): Envelope => ({ kind: 'result', id, result: { content: [] } })
  const waiting = Promise.withResolvers<void>()
  const server: Server = {
    answer({ method }) {
      if (method !== 'tools/call') return method === 'tools/list' ? { tools: [{ name: 't' }] } : { capabilities: {} }
      waiting.resolve()
      return new Promise<never>(() => {})
    },
    // The same number as text is another id, but not to every client.
    streamed: ['7', 7, 7, 8].map(result),
  }
  const { hub, say } = stage({
    servers: { s: server },
    kind: 'http',
    verdict: ({ body, from }) => {
      if (from === 'server') kinds.push(body.kind)
      return { kind: 'allow' }
    },
  })
  await say('initialize', {}, { isHttp: true })
  const gone = new AbortController()
  const headers = { 'mcp-session-id': 'S' }
  const call = say('tools/call', { name: 't' }, { id: 7, isHttp: true, signal: gone.signal, headers })
  await waiting.promise
  gone.abort()
  await call
  kinds.length = 0
  const { stream: made } = stream('S')
  await hub.listen({ ...made, send: async ({ envelope }) => void seen.push(envelope) })
  assert.deepEqual(seen, [result(7)])
  assert.deepEqual(kinds, ['tool.result'])
})
