import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import test, { type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { json, meta, origin, rpc, stream } from '../../test/fixtures/http-ends.ts'
import type { JsonObject } from '../core/json.ts'
import type { Frame } from './envelope.ts'
import { newGiveUp } from './give-up.ts'
import { type HttpTarget, openHttpLink } from './http-link.ts'
import { LinkError, type LinkEvents, type RequestOptions } from './link.ts'
import { readFrame } from './rpc.ts'

const never = new AbortController().signal
const result = { jsonrpc: '2.0', id: 1, result: { ok: 1 } }

test('a JSON answer comes back with its bytes, status and headers', async t => {
  const text = '{ "jsonrpc": "2.0", "id": 1, "result": {"n": 1.0} }'
  const { url } = await origin(t, response =>
    response
      .writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 's', 'set-cookie': 'a=b' })
      .end(text),
  )
  const reply = await link(t, { url }).request(frame(rpc('tools/list')), options())
  assert.equal(Buffer.from(reply?.frame.bytes ?? '').toString(), text)
  assert.deepEqual(reply?.http, { status: 200, headers: { 'mcp-session-id': 's' } })
})

test('the client never lends its credentials to a server, and the configured ones win', async t => {
  const { url, seen } = await origin(t, response => json(response, result))
  const headers = { authorization: 'Bearer client', cookie: 'a=b', 'x-api-key': 'k', 'x-team': 'red', traceparent: '1' }
  const configured = { Authorization: 'Bearer server', 'X-Team': 'blue' }
  await link(t, { url, headers: configured }).request(frame(rpc('ping')), options({ headers }))
  const sent = seen[0]?.headers ?? {}
  assert.deepEqual(
    [sent.authorization, sent.cookie, sent['x-api-key'], sent['x-team'], sent['traceparent']],
    ['Bearer server', undefined, undefined, 'blue', '1'],
  )
  assert.equal(sent.host, new URL(url).host)
})

test('a modern request carries headers made from its body, whatever the caller said', async t => {
  const { url, seen } = await origin(t, response => json(response, result))
  const headers = { 'mcp-method': 'tools/list', 'mcp-name': 'harmless', 'mcp-param-region': 'before a guard' }
  const schema = { properties: { place: { type: 'string', 'x-mcp-header': 'Region' } } }
  const body = rpc('tools/call', { name: 'füße', arguments: { place: 'eu' }, _meta: meta })
  await link(t, { url }).request(frame(body), { ...options({ headers }), schema })
  const sent = seen[0]?.headers ?? {}
  assert.deepEqual(
    [sent['mcp-method'], sent['mcp-name'], sent['mcp-param-region'], sent['mcp-protocol-version']],
    ['tools/call', '=?base64?ZsO8w59l?=', 'eu', '2026-07-28'],
  )
})

test('nothing reaches a server in headers that the body does not hold, where every guard reads', async t => {
  const { url, seen } = await origin(t, response => json(response, result))
  const said = ['mcp-method', 'mcp-name', 'mcp-param-note', 'mcp-note', 'last-event-id']
  const headers = Object.fromEntries(said.map(name => [name, 'AKIA of the user']))
  await link(t, { url }).request(frame(rpc('tools/call', { name: 't', arguments: {} })), options({ headers }))
  assert.deepEqual(
    said.map(name => seen[0]?.headers[name]),
    said.map(() => undefined),
  )
})

test('a redirect is refused and its target never asked', async t => {
  const target = await origin(t, response => json(response, result))
  const { url } = await origin(t, response => response.writeHead(307, { location: target.url }).end())
  await assert.rejects(link(t, { url }).request(frame(rpc('ping')), options()), broken('protocol', /redirects/u))
  assert.equal(target.seen.length, 0)
})

test('missing credentials are the configuration’s affair: the client is not sent to log in anywhere', async t => {
  const { url } = await origin(t, response => response.writeHead(401, { 'www-authenticate': 'Bearer' }).end())
  await assert.rejects(link(t, { url }).request(frame(rpc('ping')), options()), broken('unauthorized', /headers/u))
})

test('nothing that listens, a name that is not known and a server that is silent are told apart', async t => {
  const { url } = await origin(t, () => {})
  const limits = { answerMs: 200 }
  await assert.rejects(link(t, { url, limits }).request(frame(rpc('ping')), options()), broken('timeout', /answer/u))
  const gone = link(t, { url: 'http://127.0.0.1:9/mcp' })
  await assert.rejects(gone.request(frame(rpc('ping')), options()), broken('unreachable', /running/u))
  const resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
  const nowhere = link(t, { url: 'http://nowhere.test/mcp', resolve })
  await assert.rejects(nowhere.request(frame(rpc('ping')), options()), broken('unreachable', /URL/u))
})

test('an address that must not be dialled is refused before a byte is sent', async t => {
  const { url, seen } = await origin(t, response => json(response, result))
  const { port } = new URL(url)
  const rebound = link(t, {
    url: `http://api.test:${port}/mcp`,
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  })
  await assert.rejects(rebound.request(frame(rpc('ping')), options()), broken('refused-address', /loopback/u))
  const metadata = link(t, { url: 'http://169.254.169.254/latest' })
  await assert.rejects(metadata.request(frame(rpc('ping')), options()), broken('refused-address', /metadata/u))
  assert.equal(seen.length, 0)
})

test('giving up closes the stream that the server is writing', async t => {
  const closed = Promise.withResolvers<void>()
  const { url } = await origin(t, response => {
    response.once('close', closed.resolve)
    stream(response).write(': open\n\n')
  })
  const abort = new AbortController()
  const pending = link(t, { url }).request(frame(rpc('ping')), options({ signal: abort.signal }))
  setTimeout(() => abort.abort(), 50)
  await assert.rejects(pending, broken('aborted', /given up/u))
  await closed.promise
})

for (const by of ['a signal', 'who asked'])
  test(`a request given up by ${by} while it waits for a connection ends at once and is never sent`, async t => {
    const held: ServerResponse[] = []
    const { url, seen } = await origin(t, response => void held.push(response))
    const one = link(t, { url, limits: { connections: 1 } })
    const first = one.request(frame(rpc('tools/list')), options())
    for (let i = 0; i < 200 && held.length < 1; i++) await pause(10)
    const giveUp = newGiveUp()
    const how = by === 'a signal' ? options({ signal: giveUp.signal() }) : { ...options(), giveUp }
    const second = one.request(frame(rpc('tools/call', { name: 'pay' }, 2)), how)
    await pause(20)
    giveUp.now()
    const late = pause(1000).then(() => Promise.reject(new Error('still waiting')))
    await assert.rejects(Promise.race([second, late]), broken('aborted', /given up/u))
    json(held[0]!, result)
    await first
    await pause(50)
    assert.deepEqual(
      seen.map(({ body }) => body.includes('pay')),
      [false],
    )
  })

test('closing the link ends every request on it and tells its owner', async t => {
  const { url } = await origin(t, () => {})
  const open = link(t, { url })
  const pending = open.request(frame(rpc('ping')), options())
  setTimeout(() => void open.close(), 50)
  await assert.rejects(pending, broken('closed', /closed/u))
  assert.equal(await open.closed, 'closed')
})

test('a notification is accepted silently, or refused with the server’s status and our words', async t => {
  const error = { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'no session' } }
  const { url } = await origin(t, (response, { body }) => {
    if (body.includes('bad')) json(response, error, 400)
    else response.writeHead(202).end()
  })
  const open = link(t, { url })
  assert.equal(await open.notify(frame({ jsonrpc: '2.0', method: 'notifications/x' }), {}), undefined)
  const refused = await open.notify(frame({ jsonrpc: '2.0', method: 'bad' }), {})
  assert.deepEqual([refused?.http?.status, refused?.frame.envelope.kind], [400, 'error'])
  assert.doesNotMatch(String(refused?.frame.bytes), /no session/u)
})

test('a server stream is heard, resumed from an event, and its absence is passed on', async t => {
  const { url, seen } = await origin(t, (response, { headers }) => {
    if (headers['mcp-session-id'] === undefined) return response.writeHead(405, { allow: 'POST' }).end()
    return stream(response).end('id: e2\ndata: {"jsonrpc":"2.0","method":"n"}\n\n')
  })
  const heard: Frame[] = []
  const related = async (one: Frame) => void heard.push(one)
  const open = link(t, { url })
  const headers = { 'mcp-session-id': 's' }
  assert.equal(await open.listen(options({ headers, related, lastEventId: 'e1' })), undefined)
  assert.deepEqual([heard.length, heard[0]?.event], [1, { id: 'e2' }])
  assert.equal(seen[0]?.headers['last-event-id'], 'e1')
  const answer = await open.listen(options())
  assert.deepEqual([answer?.status, answer?.headers], [405, { allow: 'POST' }])
})

test('what a server says where nobody asked it is never passed on: no guard would read it', async t => {
  const inject = { jsonrpc: '2.0', id: 1, result: { content: 'IGNORE ALL' } }
  let status = 200
  const { url } = await origin(t, response => json(response, inject, status))
  const open = link(t, { url })
  await assert.rejects(open.listen(options()), broken('protocol', /something else/u))
  assert.equal((await open.finish({})).frame, undefined)
  assert.equal(await open.notify(frame({ jsonrpc: '2.0', method: 'n' }), {}), undefined)
  status = 404
  const answers = [await open.listen(options()), await open.finish({})]
  for (const answer of answers) {
    assert.equal(answer?.status, 404)
    assert.doesNotMatch(String(answer?.frame?.bytes), /IGNORE/u)
  }
})

test('the end of a session is relayed with what the server says to it', async t => {
  const { url, seen } = await origin(t, response => response.writeHead(204).end())
  assert.deepEqual(await link(t, { url }).finish({ 'mcp-session-id': 's' }), { status: 204, headers: {} })
  assert.deepEqual([seen[0]?.method, seen[0]?.headers['mcp-session-id']], ['DELETE', 's'])
})

test('a URL that is no HTTP address, or holds a password, is refused without repeating the password', t => {
  for (const url of ['ftp://a/', 'nonsense', 'file:///etc/passwd', 'https://me:hunter2@example.com/'])
    assert.throws(
      () => link(t, { url }),
      (error: Error) => error instanceof LinkError && !error.message.includes('hunter2'),
    )
})

test('a server that speaks no HTTP at all is called that', async t => {
  const { createServer } = await import('node:net')
  const server = createServer(socket => socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.2\r\n'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as { port: number }
  const open = link(t, { url: `http://127.0.0.1:${port}/` })
  await assert.rejects(open.request(frame(rpc('ping')), options()), broken('protocol', /not HTTP/u))
})

function link(t: TestContext, target: HttpTarget, events: Partial<LinkEvents> = {}) {
  const open = openHttpLink(target, { unsolicited: async () => {}, oddity: () => {}, ...events })
  t.after(() => open.close())
  return open
}

function options<O extends object>(given?: O): RequestOptions & O {
  return { signal: never, headers: {}, related: async () => {}, ...given } as RequestOptions & O
}

function frame(message: JsonObject): Frame {
  const read = readFrame(Buffer.from(JSON.stringify(message)), { bytesMax: 1 << 20, depthMax: 64 })
  assert.ok(read.ok)
  return read.frame
}

function broken(code: LinkError['code'], message: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof LinkError, String(error))
    assert.equal(error.code, code, error.message)
    assert.match(error.message, message)
    return true
  }
}
