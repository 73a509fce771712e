import assert from 'node:assert/strict'
import test from 'node:test'
import { origin } from '../../test/fixtures/http-ends.ts'
import { brokenCall, callUpstream, type Upstream } from './http-call.ts'
import { upstreamOf } from './http-link.ts'
import { LinkError } from './link.ts'

test('the kept session speaks instead of whatever session header a caller hands over', async t => {
  const { url, seen } = await origin(t, response => response.end())
  const plain = upstreamOf({ url, keepsSession: true }, { unsolicited: async () => {}, oddity: () => {} })
  t.after(() => plain.pool.destroy())
  const upstream: Upstream = { ...plain, session: { id: 'own', version: '2025-06-18' } }
  const headers = { 'mcp-session-id': 'foreign', 'last-event-id': 'stale', 'mcp-protocol-version': '1' }
  const { body } = await callUpstream(upstream, { method: 'GET', headers })
  await body.dump()
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
