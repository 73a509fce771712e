import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { origin } from '../../test/fixtures/http-ends.ts'
import { newGiveUp } from './give-up.ts'
import { brokenCall, callUpstream, type Upstream } from './http-call.ts'
import { upstreamOf } from './http-link.ts'
import { LinkError } from './link.ts'

test('the kept session speaks instead of whatever session header a caller hands over', async t => {
  const { url, seen } = await origin(t, response => response.end())
  const plain = upstreamOf({ url, keepsSession: true }, { unsolicited: async () => {}, oddity: () => {} })
  t.after(() => plain.pool.destroy())
  const upstream: Upstream = { ...plain, session: { id: 'own', version: '2025-06-18' } }
  const headers = { 'mcp-session-id': 'foreign', 'last-event-id': 'stale', 'mcp-protocol-version': '1' }
  await callUpstream(upstream, { method: 'GET', headers })
  const sent = seen[0]?.headers ?? {}
  assert.deepEqual(
    [sent['mcp-session-id'], sent['mcp-protocol-version'], sent['last-event-id'], sent.accept],
    ['own', '2025-06-18', undefined, 'text/event-stream'],
  )
})

test('headers that break out of their line never reach the wire', async t => {
  const { url, seen } = await origin(t, response => response.end())
  const upstream = upstreamOf({ url }, { unsolicited: async () => {}, oddity: () => {} })
  t.after(() => upstream.pool.destroy())
  const headers = { traceparent: 'a\r\nX-Evil: 1' }
  await assert.rejects(callUpstream(upstream, { method: 'GET', headers }), LinkError)
  assert.equal(seen.length, 0)
})

test('whatever breaks becomes a LinkError with a code, and one that already is stays itself', () => {
  const own = new LinkError('refused-address', 'no')
  assert.equal(brokenCall('http://a', own), own)
  const coded = (code: string): LinkError['code'] =>
    brokenCall('http://a', Object.assign(new Error('x'), { code })).code
  assert.deepEqual(
    ['ECONNREFUSED', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_SOCKET', 'CERT_HAS_EXPIRED', 'HPE_INVALID_VERSION'].map(coded),
    ['unreachable', 'timeout', 'closed', 'unreachable', 'protocol'],
  )
  assert.match(
    brokenCall('http://a', Object.assign(new Error(), { code: 'CERT_HAS_EXPIRED' })).message,
    /CERT_HAS_EXPIRED/u,
  )
  assert.equal(brokenCall('http://a', new DOMException('x', 'AbortError')).code, 'aborted')
  assert.equal(brokenCall('http://a', 'text').code, 'unreachable')
})

type Given = { readonly status: number; readonly headers?: Record<string, string> }

async function called(t: TestContext, { status, headers }: Given, reads: 'answer' | 'stream' = 'answer') {
  const { url } = await origin(t, response => response.writeHead(status, headers).end('x'))
  const upstream = upstreamOf({ url }, { unsolicited: async () => {}, oddity: () => {} })
  t.after(() => upstream.pool.destroy())
  return await callUpstream(upstream, { method: 'GET', headers: {}, reads })
}

test('every redirect is refused, whatever its number, and so are missing credentials and codings', async t => {
  for (const status of [301, 302, 303, 307, 308])
    await assert.rejects(called(t, { status, headers: { location: 'http://169.254.169.254/' } }), { code: 'protocol' })
  await assert.rejects(called(t, { status: 401 }), { code: 'unauthorized' })
  await assert.rejects(called(t, { status: 200, headers: { 'content-encoding': 'br' } }), { code: 'protocol' })
})

test('only a 2xx event stream is a stream, and a body is read where it is wanted', async t => {
  const headers = { 'content-type': 'Text/Event-Stream; charset=utf-8' }
  const [stream, refused, plain] = [
    await called(t, { status: 200, headers }),
    await called(t, { status: 404, headers }),
    await called(t, { status: 200 }, 'stream'),
  ]
  assert.deepEqual([stream.stream !== undefined, stream.whole], [true, undefined])
  assert.deepEqual([refused.stream, refused.whole?.ok], [undefined, true])
  assert.deepEqual([plain.stream, plain.whole], [undefined, undefined])
  stream.stream?.destroy()
})

test('a call that was given up before or after it began is given up, by signal or without one', async t => {
  const { url } = await origin(t, () => {})
  const upstream = upstreamOf({ url }, { unsolicited: async () => {}, oddity: () => {} })
  t.after(() => upstream.pool.destroy())
  const early = { method: 'GET', headers: {}, signal: AbortSignal.abort(new Error('gone')) } as const
  await assert.rejects(callUpstream(upstream, early), { code: 'aborted' })
  const giveUp = newGiveUp()
  const late = callUpstream(upstream, { method: 'GET', headers: {}, giveUp })
  setTimeout(() => giveUp.now(), 50)
  await assert.rejects(late, { code: 'aborted' })
})
