import assert from 'node:assert/strict'
import { request } from 'node:http'
import test, { type TestContext } from 'node:test'
import { meta, postHeaders, raw, rpc, type Sent, send } from '../../test/fixtures/http-ends.ts'
import type { Principal } from '../core/brand.ts'
import { frameOf } from './envelope.ts'
import { serveHttp } from './http-face.ts'
import type { HttpFaceOptions } from './http-face-options.ts'
import type { ClientStream, Exchange, WireOddity } from './link.ts'

const principal = 'tester' as Principal
const done = frameOf({ kind: 'result', id: 1, result: { ok: true } })

test('a request that is refused at the door reaches neither the authentication nor the handler', async t => {
  const calls: string[] = []
  const { url } = await face(t, {
    authenticate: () => {
      calls.push('authenticate')
      return { principal }
    },
    handle: async () => void calls.push('handle'),
  })
  for (const headers of [{ host: 'evil.example' }, { origin: 'https://evil.example' }]) {
    const answer = await send(url, { headers: { ...postHeaders, ...headers }, body: rpc('ping') })
    assert.equal(answer.status, 403)
    assert.equal(JSON.parse(answer.text).error.code, -32000)
  }
  assert.deepEqual(calls, [])
})

test('two Host headers are refused, although the first of them is allowed', async t => {
  const { url } = await face(t, { authenticate: () => assert.fail('must not get here') })
  const answer = await raw(
    url,
    'POST /mcp HTTP/1.1\r\nHost: localhost\r\nhOSt: evil.example\r\nContent-Length: 0\r\n\r\n',
  )
  assert.match(answer, /^HTTP\/1\.1 400 /u)
})

test('who is not known gets 401 and the challenge, before the body is looked at', async t => {
  const { url } = await face(t, { authenticate: async () => undefined, challenge: 'Bearer resource_metadata="x"' })
  const answer = await send(url, { body: Buffer.from('not json') })
  assert.deepEqual([answer.status, answer.headers['www-authenticate']], [401, 'Bearer resource_metadata="x"'])
})

test('who ends a session gets what still waits in it as the end of a stream, and others as they would have', async t => {
  const waiting = new Map<string, () => void>()
  const { url } = await face(t, {
    handle: async exchange => {
      const reply = frameOf({ kind: 'error', id: 1, error: { code: -32000, message: 'the session ended' } })
      const session = exchange.headers['mcp-session-id'] ?? ''
      await new Promise<void>(resolve => waiting.set(session, resolve))
      await exchange.end({ frame: reply })
    },
    finish: async ({ headers }) => {
      waiting.get(headers['mcp-session-id'] ?? '')?.()
      return { status: 204, headers: {} }
    },
  })
  const ask = (session: string) =>
    send(url, { headers: { ...postHeaders, 'mcp-session-id': session }, body: rpc('tools/call', { name: 'a' }) })
  const asked = [ask('S-1'), ask('S-2')]
  while (waiting.size < 2) await new Promise(resolve => setTimeout(resolve, 5))
  await send(url, { method: 'DELETE', headers: { 'mcp-session-id': 'S-1' } })
  waiting.get('S-2')?.()
  const answers = await Promise.all(asked)
  assert.deepEqual(
    answers.map(({ headers }) => headers['content-type']),
    ['text/event-stream', 'application/json'],
  )
  for (const { text } of answers) assert.match(text, /the session ended/u)
})

test('wrong method, media type or Accept is answered with its status and a JSON-RPC error', async t => {
  const { url } = await face(t)
  const cases: [Sent, number][] = [
    [{ method: 'PUT' }, 405],
    [{ method: 'GET', headers: { accept: 'text/event-stream' } }, 405],
    [{ method: 'DELETE', headers: {} }, 405],
    [{ headers: { ...postHeaders, 'content-type': 'text/plain' }, body: rpc('ping') }, 415],
    [{ headers: { ...postHeaders, accept: 'application/json' }, body: rpc('ping') }, 406],
    [{ headers: { ...postHeaders, 'mcp-session-id': 'a b' }, body: rpc('ping') }, 400],
  ]
  for (const [sent, status] of cases) {
    const answer = await send(url, sent)
    assert.equal(answer.status, status)
    assert.equal(JSON.parse(answer.text).jsonrpc, '2.0')
  }
})

test('a body over the limit is refused by what it announces and by what arrives', async t => {
  const { url } = await face(t, { limits: { bodyBytes: 1000 } })
  const body = Buffer.alloc(5000, ' ')
  assert.equal((await send(url, { body })).status, 413)
  const status = await new Promise<number>((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers: { ...postHeaders, 'transfer-encoding': 'chunked' } })
    outgoing.once('response', response => resolve(response.statusCode ?? 0)).once('error', reject)
    for (let i = 0; i < 10; i++) outgoing.write(body.subarray(0, 500))
  })
  assert.equal(status, 413)
})

test('a body that two parsers could read differently is answered, reported and not handled', async t => {
  const oddities: WireOddity[] = []
  const { url } = await face(t, {
    handle: () => assert.fail('must not be handled'),
    oddity: what => void oddities.push(what),
  })
  const bodies = [
    'not json',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","method":"ping"}',
    '[{"jsonrpc":"2.0","id":1,"method":"ping"}]',
    '{"jsonrpc":"2.0","id":1,"method":"ping","extra":1}',
    '{"jsonrpc":"2.0","id":1.5,"method":"ping"}',
    '',
  ]
  for (const body of bodies) {
    const answer = await send(url, { body: Buffer.from(body) })
    assert.equal(answer.status, 400, body)
    assert.ok(JSON.parse(answer.text).error.code <= -32600, body)
  }
  assert.equal(oddities.length, bodies.length)
})

test('modern headers that lie about the body are refused with 400 and the id of the request', async t => {
  const { url } = await face(t, { handle: () => assert.fail('must not be handled') })
  const headers = { ...postHeaders, 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' }
  const answer = await send(url, { headers, body: rpc('tools/call', { name: 'x', _meta: meta }, 7) })
  const { id, error } = JSON.parse(answer.text)
  assert.deepEqual([answer.status, id, error.code], [400, 7, -32020])
})

test('parameters that a tool mirrors into headers are compared when the schema is known', async t => {
  const schema = { properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } }
  const { url } = await face(t, { schemaOf: tool => (tool === 'x' ? schema : undefined) })
  const headers = { ...postHeaders, 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'x' }
  const body = rpc('tools/call', { name: 'x', arguments: { region: 'eu' }, _meta: meta })
  assert.equal((await send(url, { headers, body })).status, 400)
  assert.equal((await send(url, { headers: { ...headers, 'mcp-param-region': 'us' }, body })).status, 400)
  assert.equal((await send(url, { headers: { ...headers, 'mcp-param-region': 'eu' }, body })).status, 200)
})

test('an exchange knows who sent it, in which era, and carries no credential', async t => {
  const seen: Exchange[] = []
  const { url } = await face(t, {
    handle: async exchange => {
      seen.push(exchange)
      await exchange.end({ frame: done })
    },
  })
  const headers = {
    ...postHeaders,
    authorization: 'Bearer s',
    cookie: 'a=b',
    'mcp-session-id': 'S1',
    'x-trace': '1',
    traceparent: '2',
  }
  await send(url, { headers, body: rpc('tools/list') })
  const [exchange] = seen
  assert.deepEqual([exchange?.era, exchange?.principal], ['legacy', principal])
  assert.deepEqual(exchange?.headers, { 'mcp-session-id': 'S1', traceparent: '2' })
})

test('the same session header of another principal is another connection', async t => {
  const seen: string[] = []
  const { url } = await face(t, {
    authenticate: headers => ({ principal: headers.authorization as Principal }),
    handle: async exchange => {
      seen.push(exchange.connection)
      await exchange.end({ frame: done })
    },
  })
  for (const authorization of ['a', 'b', 'a'])
    await send(url, { headers: { ...postHeaders, authorization, 'mcp-session-id': 'S1' }, body: rpc('ping') })
  assert.notEqual(seen[0], seen[1])
  assert.equal(seen[0], seen[2])
})

test('notifications and responses are accepted with 202 and nothing else', async t => {
  const { url } = await face(t, { handle: exchange => exchange.end(undefined) })
  for (const body of [
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    { jsonrpc: '2.0', id: 3, result: {} },
  ]) {
    const answer = await send(url, { body })
    assert.deepEqual([answer.status, answer.text], [202, ''])
  }
})

test('a handler that breaks is answered with an error that says nothing of the inside, and reported', async t => {
  const causes: unknown[] = []
  const { url } = await face(t, {
    handle: () => Promise.reject(new Error('secret inside')),
    failed: cause => void causes.push(cause),
  })
  const answer = await send(url, { body: rpc('ping', {}, 'seven') })
  assert.deepEqual([answer.status, JSON.parse(answer.text).id], [500, 'seven'])
  assert.doesNotMatch(answer.text, /secret/u)
  assert.equal(causes.length, 1)
})

test('an authentication that breaks lets nobody in', async t => {
  const { url } = await face(t, {
    authenticate: () => Promise.reject(new Error('store is down')),
    handle: () => assert.fail('must not be handled'),
  })
  assert.equal((await send(url, { body: rpc('ping') })).status, 500)
})

test('a legacy stream is opened with the event to resume from, and ends or is refused as the owner says', async t => {
  const streams: ClientStream[] = []
  const { url } = await face(t, {
    listen: async stream => {
      streams.push(stream)
      if (stream.lastEventId === 'gone') return stream.end({ status: 404, headers: {} })
      stream.relay.opened({ status: 200, headers: { 'mcp-session-id': 'S1' } })
      await stream.send({ ...frameOf({ kind: 'notification', method: 'n', params: {} }), event: { id: 'e2' } })
      await stream.end()
    },
    finish: async () => ({ status: 204, headers: {} }),
  })
  const headers = { accept: 'text/event-stream', 'last-event-id': 'e1' }
  const answer = await send(url, { method: 'GET', headers })
  assert.deepEqual([answer.status, answer.headers['mcp-session-id'], streams[0]?.lastEventId], [200, 'S1', 'e1'])
  assert.match(answer.text, /^event: message\nid: e2\ndata: \{.*"method":"n".*\}\n\n$/u)
  assert.equal((await send(url, { method: 'GET', headers: { ...headers, 'last-event-id': 'gone' } })).status, 404)
  assert.equal((await send(url, { method: 'DELETE', headers: { 'mcp-session-id': 'S1' } })).status, 204)
})

async function face(t: TestContext, options: Partial<HttpFaceOptions> = {}) {
  const open = await serveHttp({
    path: '/mcp',
    authenticate: () => ({ principal }),
    handle: exchange => exchange.end({ frame: done }),
    ...options,
  })
  t.after(() => open.close())
  return open
}
