import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { json, origin, stream } from '../../test/fixtures/http-ends.ts'
import { type Frame, frameOf } from './envelope.ts'
import type { OwnSession } from './http-call.ts'
import { openHttpLink } from './http-link.ts'
import { learnSession } from './http-session.ts'
import { LinkError } from './link.ts'

const initialize = frameOf({ kind: 'request', id: 0, method: 'initialize', params: {} })
const initialized = frameOf({ kind: 'notification', method: 'notifications/initialized', params: {} })
const list = frameOf({ kind: 'request', id: 1, method: 'tools/list', params: {} })
const options = { signal: new AbortController().signal, headers: {}, related: async () => {} }
const greeting = { jsonrpc: '2.0', id: 0, result: { protocolVersion: '2025-06-18' } }

test('a client without HTTP gets its session kept: id, version, server stream and farewell', async t => {
  const unsolicited: Frame[] = []
  const { url, seen } = await origin(t, (response, { method, body }) => {
    if (method === 'GET') {
      if (seen.filter(one => one.method === 'GET').length > 1) return response.writeHead(405).end()
      return stream(response).end('id: e1\nretry: 5\ndata: {"jsonrpc":"2.0","method":"n"}\n\n')
    }
    if (body.includes('"initialize"')) return json(response.setHeader('mcp-session-id', 'S1'), greeting)
    if (body.includes('tools/list')) return json(response, { jsonrpc: '2.0', id: 1, result: {} })
    return response.writeHead(method === 'DELETE' ? 200 : 202).end()
  })
  const link = keeping(t, url, async frame => void unsolicited.push(frame))
  await link.request(initialize, options)
  await link.notify(initialized, {})
  await link.request(list, options)
  await new Promise(resolve => setTimeout(resolve, 300))
  await link.close()
  assert.equal(seen[0]?.headers['mcp-session-id'], undefined)
  for (const { headers } of seen.slice(1))
    assert.deepEqual([headers['mcp-session-id'], headers['mcp-protocol-version']], ['S1', '2025-06-18'])
  assert.equal(unsolicited.length, 1)
  assert.deepEqual(seen.map(({ method }) => method).sort(), ['DELETE', 'GET', 'GET', 'POST', 'POST', 'POST'])
  assert.deepEqual(
    seen.filter(({ method }) => method === 'GET').map(({ headers }) => headers['last-event-id']),
    [undefined, 'e1'],
  )
})

test('a server that ends its stream after each event and wants no pause gets one', async t => {
  const { url, seen } = await origin(t, (response, { method, body }) => {
    if (method === 'GET')
      stream(response).end(`id: e${seen.length}\nretry: 0\ndata: {"jsonrpc":"2.0","method":"n"}\n\n`)
    else if (body.includes('"initialize"')) json(response.setHeader('mcp-session-id', 'S1'), greeting)
    else response.writeHead(202).end()
  })
  const link = keeping(t, url, async () => {})
  await link.request(initialize, options)
  await link.notify(initialized, {})
  await new Promise(resolve => setTimeout(resolve, 500))
  await link.close()
  const asked = seen.filter(({ method }) => method === 'GET').length
  assert.ok(asked > 1 && asked <= 11, `${asked} times`)
})

test('a client that says again and again that it is ready is heard for by one stream', async t => {
  const { url, seen } = await origin(t, (response, { method, body }) => {
    if (method === 'GET') stream(response).flushHeaders()
    else if (body.includes('"initialize"')) json(response.setHeader('mcp-session-id', 'S1'), greeting)
    else response.writeHead(202).end()
  })
  const link = keeping(t, url, async () => {})
  await link.request(initialize, options)
  for (let n = 0; n < 5; n++) await link.notify(initialized, {})
  await new Promise(resolve => setTimeout(resolve, 100))
  assert.equal(seen.filter(({ method }) => method === 'GET').length, 1)
})

test('a session that the server forgot ends the link', async t => {
  const { url } = await origin(t, (response, { body }) => {
    if (body.includes('"initialize"')) json(response.setHeader('mcp-session-id', 'S1'), greeting)
    else response.writeHead(404).end()
  })
  const link = keeping(t, url)
  await link.request(initialize, options)
  await assert.rejects(
    link.request(list, options),
    (error: unknown) => error instanceof LinkError && error.code === 'closed',
  )
  assert.match(await link.closed, /session/u)
})

test('a link that clients share remembers no session of anybody', async t => {
  const { url, seen } = await origin(t, response => json(response.setHeader('mcp-session-id', 'S1'), greeting))
  const link = openHttpLink({ url }, { unsolicited: async () => {}, oddity: () => {} })
  t.after(() => link.close())
  await link.request(initialize, options)
  await link.request(initialize, options)
  assert.equal(seen[1]?.headers['mcp-session-id'], undefined)
})

test('a session id or version that could split a header is not kept', () => {
  const session: OwnSession = {}
  const result = { kind: 'result', id: 0, result: { protocolVersion: '1\r\nx: y' } } as const
  for (const id of ['a b', 'a\r\nb', '', 'ü', 'x'.repeat(1025)]) learnSession(session, { 'mcp-session-id': id }, result)
  assert.deepEqual(session, {})
})

function keeping(t: TestContext, url: string, unsolicited: (frame: Frame) => Promise<void> = async () => {}) {
  const link = openHttpLink({ url, keepsSession: true }, { unsolicited, oddity: () => {} })
  t.after(() => link.close())
  return link
}
