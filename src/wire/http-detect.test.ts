import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import test, { type TestContext } from 'node:test'
import { json, origin, stream } from '../../test/fixtures/http-ends.ts'
import { frameOf } from './envelope.ts'
import { openDetectingLink } from './http-detect.ts'

const initialize = frameOf({ kind: 'request', id: 0, method: 'initialize', params: {} })
const list = frameOf({ kind: 'request', id: 1, method: 'tools/list', params: {} })
const options = { signal: new AbortController().signal, headers: {}, related: async () => {} }

test('a server of the older transport is found by its refusal, and everything goes there from then on', async t => {
  const open: { stream?: ServerResponse } = {}
  const { url, seen } = await origin(t, (response, { method, body }, request) => {
    if (method === 'GET') {
      open.stream = stream(response)
      open.stream.write('event: endpoint\ndata: /post\n\n')
    } else if (request.url === '/post') {
      response.writeHead(202).end()
      open.stream?.write(`data: {"jsonrpc":"2.0","id":${JSON.parse(body).id},"result":{}}\n\n`)
    } else response.writeHead(405).end()
  })
  const link = detecting(t, url)
  assert.equal((await link.request(initialize, options))?.frame.envelope.kind, 'result')
  assert.equal((await link.request(list, options))?.frame.envelope.kind, 'result')
  assert.equal((await link.listen(options))?.status, 405)
  assert.equal(seen.filter(({ method }) => method === 'GET').length, 1)
})

test('a server that simply refuses keeps its own answer', async t => {
  const error = { jsonrpc: '2.0', id: 0, error: { code: -32600, message: 'wrong version' } }
  const { url, seen } = await origin(t, (response, { method }) => {
    if (method === 'POST') json(response, error, 400)
    else response.writeHead(405).end()
  })
  const reply = await detecting(t, url).request(initialize, options)
  assert.deepEqual([reply?.http?.status, JSON.parse(String(reply?.frame.bytes))], [400, error])
  assert.equal(seen.length, 2)
})

test('a Streamable HTTP server is never asked for the older transport', async t => {
  const { url, seen } = await origin(t, response => json(response, { jsonrpc: '2.0', id: 0, result: {} }))
  await detecting(t, url).request(initialize, options)
  assert.deepEqual(
    seen.map(({ method }) => method),
    ['POST'],
  )
})

test('closing settles, whichever transport was found', async t => {
  const { url } = await origin(t, response => response.end())
  const link = detecting(t, url)
  await link.close()
  assert.equal(await link.closed, 'closed')
})

function detecting(t: TestContext, url: string) {
  const link = openDetectingLink({ url }, { unsolicited: async () => {}, oddity: () => {} })
  t.after(() => link.close())
  return link
}
