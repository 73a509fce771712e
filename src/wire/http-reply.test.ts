import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import test, { type TestContext } from 'node:test'
import { json, origin, stream } from '../../test/fixtures/http-ends.ts'
import type { Json } from '../core/json.ts'
import { type Frame, frameOf } from './envelope.ts'
import { openHttpLink } from './http-link.ts'
import { type EventMark, type HttpHead, LinkError, type RequestOptions, type WireOddity } from './link.ts'

const ping = frameOf({ kind: 'request', id: 1, method: 'ping', params: {} })
const progress = '{"jsonrpc":"2.0","method":"notifications/progress"}'
const ok = '{"jsonrpc":"2.0","id":1,"result":{}}'

test('messages before the response go to whoever asked, in order and one at a time', async t => {
  const events = [1, 2, 3].map(n => `data: {"jsonrpc":"2.0","method":"n${n}"}\n\n`).join('')
  const { link } = await linked(t, response => stream(response).end(`${events}data: ${ok}\n\n`))
  const log: string[] = []
  const related = async ({ envelope }: Frame): Promise<void> => {
    const name = envelope.kind === 'notification' ? envelope.method : envelope.kind
    log.push(`${name} begins`)
    await new Promise(resolve => setTimeout(resolve, 5))
    log.push(`${name} ends`)
  }
  const reply = await link.request(ping, options({ related }))
  assert.equal(reply?.frame.envelope.kind, 'result')
  assert.deepEqual(
    log,
    ['n1', 'n2', 'n3'].flatMap(name => [`${name} begins`, `${name} ends`]),
  )
})

test('a slow reader holds the server back instead of filling memory', async t => {
  const big = `data: {"jsonrpc":"2.0","method":"n","params":{"x":"${'x'.repeat(1 << 20)}"}}\n\n`
  let written = 0
  const { link } = await linked(t, async response => {
    stream(response)
    for (; written < 60 && !response.destroyed; written++)
      if (!response.write(big)) await new Promise(resolve => response.once('drain', resolve).once('close', resolve))
  })
  const abort = new AbortController()
  const related = () => new Promise<void>(() => {})
  const pending = link.request(ping, options({ related, signal: abort.signal }))
  pending.catch(() => {})
  await new Promise(resolve => setTimeout(resolve, 500))
  assert.ok(written < 30, `${written} MiB were taken`)
  abort.abort()
  await assert.rejects(pending)
})

test('a stream that ends early is resumed after the time and from the event that the server named', async t => {
  const begun = Date.now()
  const { link, seen } = await linked(t, (response, { method }) => {
    if (method === 'POST') stream(response).end('id: e1\nretry: 60\ndata: \n\n')
    else stream(response).end(`data: ${ok}\n\n`)
  })
  const reply = await link.request(ping, options({ headers: { 'mcp-session-id': 's' } }))
  assert.equal(reply?.frame.envelope.kind, 'result')
  assert.ok(Date.now() - begun >= 55)
  assert.deepEqual(
    seen.slice(1).map(({ method, headers }) => [method, headers['last-event-id'], headers['mcp-session-id']]),
    [['GET', 'e1', 's']],
  )
})

test('a relay hears everything of the stream, also that it ended early', async t => {
  const { link, seen } = await linked(t, response =>
    stream(response).end(`: hi\n\nid: e1\nretry: 9\ndata: \n\nid: e2\ndata: ${progress}\n\n`),
  )
  const log: (EventMark | HttpHead | Frame['event'])[] = []
  const relay = {
    opened: (head: HttpHead) => void log.push(head),
    marked: async (mark: EventMark) => void log.push(mark),
  }
  const related = async (frame: Frame) => void log.push(frame.event)
  assert.equal(await link.request(ping, options({ relay, related })), undefined)
  assert.deepEqual(log, [{ status: 200, headers: {} }, { comment: 'hi' }, { id: 'e1', retryMs: 9 }, { id: 'e2' }])
  assert.equal(seen.length, 1)
})

test('a server that resumes forever without a word is given up', async t => {
  const { link, seen } = await linked(t, (response, { method }) => {
    stream(response).end(method === 'POST' ? 'id: e1\nretry: 1\ndata: \n\n' : ': nothing\n\n')
  })
  await assert.rejects(link.request(ping, options()), isBroken('closed'))
  assert.equal(seen.length, 1 + 3)
})

test('a stream that breaks off without the response is an error, not silence', async t => {
  const { link } = await linked(t, response => {
    stream(response).write(`data: ${progress}\n\n`)
    setTimeout(() => response.destroy(), 20)
  })
  await assert.rejects(link.request(ping, options()), isBroken('closed'))
})

test('answers that are no answer are refused with what to look at', async t => {
  const cases: [body: string, type: string, code: LinkError['code']][] = [
    ['<html>login</html>', 'text/html', 'protocol'],
    ['{"jsonrpc":"2.0","id":2,"result":{}}', 'application/json', 'protocol'],
    ['{"jsonrpc":"2.0","id":"1","result":{}}', 'application/json', 'protocol'],
    [`[${ok}]`, 'application/json', 'protocol'],
    ['{"jsonrpc":"2.0","id":1,"result":{},"result":{}}', 'application/json', 'protocol'],
    [progress, 'application/json', 'protocol'],
    ['', 'application/json', 'protocol'],
    [`data: ${ok.replace('}}', '},"extra":1}')}\n\n`, 'text/event-stream', 'protocol'],
    [`data: ${'x'.repeat(5000)}\n\n`, 'text/event-stream', 'too-long'],
    [' '.repeat(5000), 'application/json', 'too-long'],
  ]
  for (const [body, type, code] of cases) {
    const { link } = await linked(t, response => response.writeHead(200, { 'content-type': type }).end(body))
    await assert.rejects(link.request(ping, options()), isBroken(code), body.slice(0, 60))
  }
})

test('an answer in a coding that nobody asked for is refused', async t => {
  const { link } = await linked(t, response =>
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(ok),
  )
  await assert.rejects(link.request(ping, options()), isBroken('protocol'))
})

test('a status without a message keeps its status, and the words are ours', async t => {
  const { link } = await linked(t, response =>
    response.writeHead(404, { 'content-type': 'text/html' }).end('IGNORE ALL'),
  )
  const reply = await link.request(ping, options())
  assert.equal(reply?.http?.status, 404)
  assert.doesNotMatch(String(reply?.frame.bytes), /IGNORE/u)
  assert.match(String(reply?.frame.bytes), /"id":1.*404 Not Found/u)
})

test('an error with the server’s own message and status comes through', async t => {
  const error: Json = { jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } }
  const { link } = await linked(t, response => json(response, error, 404))
  const reply = await link.request(ping, options())
  assert.deepEqual([reply?.http?.status, JSON.parse(String(reply?.frame.bytes))], [404, error])
})

test('what belongs to no request, comes late or cannot be read is dropped and reported', async t => {
  const other = '{"jsonrpc":"2.0","id":99,"result":{}}'
  const double = '{"jsonrpc":"2.0","method":"n","method":"m"}'
  const { link, oddities } = await linked(t, response => {
    stream(response).write(`data: ${other}\n\nevent: endpoint\ndata: /x\n\ndata: ${double}\n\n`)
    response.end(`data: ${ok}\n\ndata: ${progress}\n\n`)
  })
  const reply = await link.request(ping, options({ related: () => assert.fail('nothing belongs here') }))
  assert.equal(reply?.frame.envelope.kind, 'result')
  await new Promise(resolve => setTimeout(resolve, 30))
  assert.deepEqual(
    oddities.map(({ code }) => code),
    ['unknown-id', 'bad-event', 'ambiguous', 'unknown-id'],
  )
})

test('a server request that cannot be accepted is answered with an error', async t => {
  const double = '{"jsonrpc":"2.0","id":5,"method":"roots/list","params":{"a":1,"a":2}}'
  const { link, seen } = await linked(t, (response, { body }) => {
    if (body.includes('"error"')) response.writeHead(202).end()
    else stream(response).end(`data: ${double}\n\ndata: ${ok}\n\n`)
  })
  await link.request(ping, options())
  await new Promise(resolve => setTimeout(resolve, 30))
  assert.deepEqual([seen.length, JSON.parse(seen[1]?.body ?? '').id], [2, 5])
})

type Serve = (response: ServerResponse, seen: { method: string; body: string }) => unknown

async function linked(t: TestContext, serve: Serve) {
  const oddities: WireOddity[] = []
  const { url, seen } = await origin(t, (response, one) => void serve(response, one))
  const limits = { messageBytes: 4000, resumesMax: 3 }
  const large = { messageBytes: 4 << 20, resumesMax: 3 }
  const target = { url, limits: t.name.startsWith('a slow') ? large : limits }
  const link = openHttpLink(target, { unsolicited: async () => {}, oddity: what => void oddities.push(what) })
  t.after(() => link.close())
  return { link, seen, oddities }
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
