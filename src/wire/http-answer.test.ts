import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { origin } from '../../test/fixtures/http-ends.ts'
import { frameOf } from './envelope.ts'
import { headOf, readAnswer } from './http-answer.ts'
import { callUpstream, postAside } from './http-call.ts'
import { upstreamOf } from './http-link.ts'
import type { WireOddity } from './link.ts'

test('an accepted message has no answer', async t => {
  const { upstream, response } = await answered(t, { status: 202 })
  assert.equal(readAnswer(upstream, response, null), undefined)
  assert.deepEqual(headOf(response), { status: 202, headers: {} })
})

test('JSON that cannot be accepted under an error status becomes an error of our own with the id that was asked', async t => {
  const { upstream, response } = await answered(t, {
    status: 500,
    headers: { 'content-type': 'application/json' },
    body: '{"detail":"<secret>"}',
  })
  const frame = readAnswer(upstream, response, 'q')
  assert.deepEqual(JSON.parse(String(frame?.bytes)).id, 'q')
  assert.doesNotMatch(String(frame?.bytes), /secret/u)
})

test('what was refused is reported with a short sample and never passed on', async t => {
  const body = `{"jsonrpc":"2.0","id":1,"id":2,"result":{"x":"${'y'.repeat(900)}"}}`
  const { upstream, response, oddities } = await answered(t, {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body,
  })
  assert.throws(() => readAnswer(upstream, response, 1), /cannot be accepted/u)
  assert.deepEqual([oddities[0]?.code, oddities[0]?.sample.length], ['ambiguous', 200])
})

test('a message posted aside does not wait for the body of its answer', async t => {
  const { upstream, seen } = await answered(t, { status: 200 })
  await postAside(upstream, frameOf({ kind: 'error', id: 1, error: { code: 1, message: '' } }), {})
  assert.equal(seen.at(-1)?.method, 'POST')
})

type Given = { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }

async function answered(t: TestContext, { status, headers, body }: Given) {
  const oddities: WireOddity[] = []
  const { url, seen } = await origin(t, response => response.writeHead(status, headers).end(body))
  const upstream = upstreamOf({ url }, { unsolicited: async () => {}, oddity: what => void oddities.push(what) })
  t.after(() => upstream.pool.destroy())
  return {
    upstream,
    seen,
    oddities,
    response: await callUpstream(upstream, { method: 'GET', headers: {}, reads: 'answer' }),
  }
}
