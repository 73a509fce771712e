import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import test, { type TestContext } from 'node:test'
import { origin, stream } from '../../test/fixtures/http-ends.ts'
import { type Frame, frameOf } from './envelope.ts'
import { LinkError, type RequestOptions, type WireOddity } from './link.ts'
import { openSseLink } from './sse-link.ts'

test('messages are posted to the named address, answers come over the stream by id, in any order', async t => {
  const { link, seen } = await opened(t, 'messages?session=1')
  const replies = await Promise.all([1, 2, 3].map(id => link.request(ask(id), options())))
  assert.deepEqual(
    replies.map(reply => reply?.frame.envelope.kind === 'result' && reply.frame.envelope.id),
    [1, 2, 3],
  )
  assert.deepEqual(
    seen.map(({ method }) => method),
    ['GET', 'POST', 'POST', 'POST'],
  )
  assert.equal(seen[1]?.headers.authorization, 'Bearer configured')
})

test('an address on another origin is refused: it would get every message and the credentials', async t => {
  const thief = await origin(t, response => response.end())
  for (const endpoint of [
    thief.url,
    '//evil.example/x',
    'https://evil.example/',
    'http://me:pw@127.0.0.1/',
    'file:///etc',
  ])
    await assert.rejects(opened(t, endpoint), isBroken('protocol'), endpoint)
  assert.equal(thief.seen.length, 0)
})

test('the address is taken once; a later one is an oddity', async t => {
  const { link, oddities, say } = await opened(t, '/post')
  say('event: endpoint\ndata: /elsewhere\n\n')
  await link.request(ask(1), options())
  assert.deepEqual(
    oddities.map(({ code }) => code),
    ['bad-event'],
  )
})

test('what belongs to no request is unsolicited, what follows the only one in flight is related', async t => {
  const { link, say, unsolicited } = await opened(t, '/post', () => {})
  say(`data: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' })}\n\n`)
  const related: Frame[] = []
  const reply = link.request(ask(1), options({ related: async frame => void related.push(frame) }))
  await new Promise(resolve => setTimeout(resolve, 50))
  say(`data: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message' })}\n\n`)
  say(`data: ${JSON.stringify({ jsonrpc: '2.0', id: 1, result: {} })}\n\n`)
  await reply
  assert.deepEqual([unsolicited.length, related.length], [1, 1])
})

test('a POST that is refused fails its request', async t => {
  const { link } = await opened(t, '/post', response => response.writeHead(500).end())
  await assert.rejects(link.request(ask(1), options()), isBroken('protocol'))
})

test('an answer that cannot be accepted fails its own request, one too large for anybody ends the link', async t => {
  const { link, say } = await opened(t, '/post', response => response.writeHead(202).end())
  const [first, second] = [link.request(ask(1), options()), link.request(ask(2), options())]
  second.catch(() => {})
  say('data: {"jsonrpc":"2.0","id":1,"result":{"a":1,"a":2}}\n\n')
  await assert.rejects(first, isBroken('protocol'))
  say(`data: ${'x'.repeat(70_000)}\n\n`)
  await assert.rejects(second, isBroken('too-long'))
  await link.closed
})

test('the end of the stream fails what is in flight and ends the link', async t => {
  const { link, hangUp } = await opened(t, '/post', response => response.writeHead(202).end())
  const pending = link.request(ask(1), options())
  setTimeout(hangUp, 50)
  await assert.rejects(pending, isBroken('closed'))
  assert.match(await link.closed, /ended/u)
})

test('a server without that transport, or one that never names an address, is told apart', async t => {
  const plain = await origin(t, response => response.writeHead(405).end())
  await assert.rejects(openSseLink({ url: plain.url }, noEvents), isBroken('protocol'))
  const silent = await origin(t, response => stream(response).write(': hi\n\n'))
  await assert.rejects(openSseLink({ url: silent.url, limits: { connectMs: 100 } }, noEvents), isBroken('timeout'))
  const brief = await origin(t, response => stream(response).end(': bye\n\n'))
  await assert.rejects(openSseLink({ url: brief.url }, noEvents), isBroken('closed'))
})

const noEvents = { unsolicited: async () => {}, oddity: () => {} }

type Post = (response: ServerResponse, body: string) => unknown

async function opened(t: TestContext, endpoint: string, post?: Post) {
  const oddities: WireOddity[] = []
  const unsolicited: Frame[] = []
  const open: { stream?: ServerResponse } = {}
  const { url, seen } = await origin(t, (response, { method, body }) => {
    if (method === 'GET') {
      open.stream = stream(response)
      open.stream.write(`event: endpoint\ndata: ${endpoint}\n\n`)
      return
    }
    if (post !== undefined) return void post(response, body)
    response.writeHead(202).end('Accepted')
    const { id } = JSON.parse(body)
    // The later the request, the earlier its answer.
    setTimeout(
      () => open.stream?.write(`event: message\ndata: {"jsonrpc":"2.0","id":${id},"result":{}}\n\n`),
      60 - id * 15,
    )
  })
  const link = await openSseLink(
    { url, headers: { authorization: 'Bearer configured' }, limits: { messageBytes: 65_536 } },
    { unsolicited: async frame => void unsolicited.push(frame), oddity: what => void oddities.push(what) },
  )
  t.after(() => link.close())
  const say = (text: string): void => void open.stream?.write(text)
  return { link, seen, oddities, unsolicited, say, hangUp: () => void open.stream?.end() }
}

function ask(id: number): Frame {
  return frameOf({ kind: 'request', id, method: 'tools/call', params: {} })
}

function options(given: Partial<RequestOptions> = {}): RequestOptions {
  return { signal: new AbortController().signal, headers: {}, related: async () => {}, ...given }
}

function isBroken(code: LinkError['code']) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof LinkError, String(error))
    assert.equal(error.code, code, error.message)
    return true
  }
}
