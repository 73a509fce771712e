import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { postHeaders, raw, rpc, send } from '../../test/fixtures/http-ends.ts'
import type { Principal } from '../core/brand.ts'
import { frameOf } from './envelope.ts'
import { serveHttp } from './http-face.ts'
import type { HttpFaceOptions } from './http-face-options.ts'

const principal = 'tester' as Principal

test('the server listens on loopback and on its one path', async t => {
  const { url, port } = await face(t)
  assert.equal(url, `http://127.0.0.1:${port}/mcp`)
  assert.equal((await send(url, { body: rpc('ping') })).status, 200)
  assert.equal((await send(`${url}?a=b`, { body: rpc('ping') })).status, 200)
  for (const path of ['/', '/mcp/', '/mcp2', '/MCP', '/x/../mcp2', '/%6dcp'])
    assert.equal((await send(new URL(path, url).href, { body: rpc('ping') })).status, 404, path)
})

test('whoever looks for OAuth or misses the path is told where the endpoint is and what it takes', async t => {
  const { url } = await face(t)
  for (const path of ['/mcp/', '/sse', '/.well-known/oauth-protected-resource/mcp', '/register']) {
    const { status, text } = await send(new URL(path, url).href, { method: 'POST', body: '{}' })
    assert.equal(status, 404)
    assert.match(JSON.parse(text).error.message, /the MCP endpoint is \/mcp; .*bearer token/u)
  }
})

test('other paths can be served by somebody else, behind the same check of Host', async t => {
  const { url } = await face(t, { elsewhere: (_, response) => response.end('console') })
  const page = new URL('/', url).href
  assert.equal((await send(page, { method: 'GET', headers: {} })).text, 'console')
  assert.equal((await send(page, { method: 'GET', headers: { host: 'evil.example' } })).status, 403)
})

test('a port that is taken is an error, not a server elsewhere', async t => {
  const { port } = await face(t)
  await assert.rejects(serveHttp({ path: '/mcp', port, authenticate: () => undefined, handle: async () => {} }), {
    code: 'EADDRINUSE',
  })
})

test('headers that never end are cut off in time', async t => {
  const { url } = await face(t, { limits: { headersMs: 300, bodyMs: 300 } })
  assert.match(await raw(url, 'POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-A: '), /^HTTP\/1\.1 408 /u)
})

test('a body that trickles in is cut off in time', async t => {
  const { url } = await face(t, { limits: { headersMs: 300, bodyMs: 300 } })
  const head =
    'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: */*\r\nContent-Length: 99'
  assert.match(await raw(url, `${head}\r\n\r\n{`), /^HTTP\/1\.1 408 /u)
})

test('a request with two lengths, or none that is clear, is refused: what stands in front may have read the other', async t => {
  const { url } = await face(t)
  const head = 'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: */*\r\n'
  for (const lengths of [
    'Content-Length: 2\r\nTransfer-Encoding: chunked',
    'Content-Length: 2\r\nContent-Length: 3',
    'Content-Length: +2',
    'Transfer-Encoding: chunked, identity',
  ])
    assert.match(await raw(url, `${head}${lengths}\r\n\r\n{}`, 500), /^HTTP\/1\.1 400 /u, lengths)
  assert.match(await raw(url, `${head}X-Big: ${'x'.repeat(20_000)}\r\n\r\n`, 500), /^HTTP\/1\.1 431 /u)
})

test('connections over the cap are dropped while the others live on', async t => {
  const { url } = await face(t, { limits: { connections: 2 } })
  const idle = 'POST /mcp HTTP/1.1\r\nHost: localhost\r\n'
  const held = [raw(url, idle, 400), raw(url, idle, 400)]
  await new Promise(resolve => setTimeout(resolve, 50))
  await assert.rejects(send(url, { body: rpc('ping') }))
  await Promise.all(held)
  await new Promise(resolve => setTimeout(resolve, 100))
  assert.equal((await send(url, { body: rpc('ping') })).status, 200)
})

test('requests over the cap are told to come back, pipelined ones too', async t => {
  const { url } = await face(t, { limits: { inFlight: 2 }, handle: async () => {} })
  const body = JSON.stringify(rpc('ping'))
  const headers = Object.entries({ ...postHeaders, 'content-length': body.length }).map(each => each.join(': '))
  const one = `POST /mcp HTTP/1.1\r\nHost: localhost\r\n${headers.join('\r\n')}\r\n\r\n${body}`
  void raw(url, one.repeat(2), 600)
  await new Promise(resolve => setTimeout(resolve, 100))
  const answer = await send(url, { body: rpc('ping') })
  assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '1'])
})

test('one principal cannot hold every connection: the others still come in', async t => {
  const { url } = await face(t, {
    limits: { connectionsEach: 2 },
    authenticate: ({ authorization = '' }) => ({ principal: authorization as Principal }),
    handle: async exchange => {
      if (exchange.principal === 'ann') return
      await exchange.end({ frame: frameOf({ kind: 'result', id: 1, result: {} }) })
    },
  })
  const from = (authorization: string) => send(url, { body: rpc('ping'), headers: { ...postHeaders, authorization } })
  for (let n = 0; n < 2; n++) void from('ann').catch(() => {})
  await new Promise(resolve => setTimeout(resolve, 50))
  assert.deepEqual([(await from('ann')).status, (await from('bob')).status], [503, 200])
})

test('closing ends the connections that are open', async () => {
  const open = await serveHttp({ path: '/mcp', authenticate: () => ({ principal }), handle: async () => {} })
  const waiting = send(open.url, { body: rpc('ping') })
  await new Promise(resolve => setTimeout(resolve, 50))
  await open.close()
  await assert.rejects(waiting)
})

async function face(t: TestContext, options: Partial<HttpFaceOptions> = {}) {
  const open = await serveHttp({
    path: '/mcp',
    authenticate: () => ({ principal }),
    handle: async exchange => {
      const { envelope } = exchange.frame
      const id = envelope.kind === 'request' ? envelope.id : 0
      await exchange.end({ frame: frameOf({ kind: 'result', id, result: {} }) })
    },
    ...options,
  })
  t.after(() => open.close())
  return open
}
