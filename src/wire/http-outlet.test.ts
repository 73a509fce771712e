import assert from 'node:assert/strict'
import { createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import test, { type TestContext } from 'node:test'
import { send } from '../../test/fixtures/http-ends.ts'
import { frameOf } from './envelope.ts'
import { HttpOutlet } from './http-outlet.ts'

const limits = { keepAliveMs: 10_000, stallMs: 10_000 }
const note = frameOf({ kind: 'notification', method: 'notifications/progress', params: {} })
const done = frameOf({ kind: 'result', id: 1, result: {} })
const unknown = frameOf({ kind: 'error', id: 1, error: { code: -32601, message: 'no' } })

test('a response that comes first is plain JSON with the status and headers it was given', async t => {
  const url = await serve(t, outlet => {
    const headers = { 'mcp-session-id': 's', 'set-cookie': 'a=b' }
    outlet.end({ frame: done, http: { status: 200, headers } }, 'legacy')
    outlet.end({ frame: unknown }, 'legacy') // a second last word is ignored
  })
  const answer = await send(url, { method: 'GET', headers: {} })
  assert.deepEqual(
    [answer.status, answer.headers['content-type'], answer.text],
    [200, 'application/json', String(done.bytes)],
  )
  assert.deepEqual([answer.headers['mcp-session-id'], answer.headers['set-cookie']], ['s', undefined])
})

test('whatever comes before the response turns the answer into a stream', async t => {
  const url = await serve(t, async outlet => {
    await outlet.marked({ id: '0', retryMs: 50 })
    await outlet.send(note)
    outlet.end({ frame: { ...done, event: { id: '2' } } }, 'legacy')
  })
  const answer = await send(url, { method: 'GET', headers: {} })
  assert.equal(answer.headers['content-type'], 'text/event-stream')
  assert.equal(
    answer.text,
    `id: 0\nretry: 50\ndata: \n\nevent: message\ndata: ${note.bytes}\n\nevent: message\nid: 2\ndata: ${done.bytes}\n\n`,
  )
})

test('a stream may end without the response', async t => {
  const url = await serve(t, async outlet => {
    await outlet.marked({ id: '0' })
    outlet.end(undefined, 'legacy')
  })
  assert.equal((await send(url, { method: 'GET', headers: {} })).text, 'id: 0\ndata: \n\n')
})

test('an error of a server without HTTP gets its status in the modern era only', async t => {
  const modern = await serve(t, outlet => outlet.end({ frame: unknown }, 'modern'))
  const legacy = await serve(t, outlet => outlet.end({ frame: unknown }, 'legacy'))
  assert.equal((await send(modern, { method: 'GET', headers: {} })).status, 404)
  assert.equal((await send(legacy, { method: 'GET', headers: {} })).status, 200)
})

test('a quiet stream is kept alive with comments, and the first byte does not wait for a message', async t => {
  const url = await serve(t, outlet => outlet.opened({ status: 200, headers: {} }), { ...limits, keepAliveMs: 30 })
  const text = await new Promise<string>(resolve => {
    const outgoing = request(url, response => response.once('data', chunk => resolve(String(chunk)))).end()
    t.after(() => outgoing.destroy())
  })
  assert.equal(text, ': keep-alive\n\n')
})

test('the client that goes away aborts the exchange; saying more to it is quietly nothing', async t => {
  const aborted = Promise.withResolvers<void>()
  let outlet: HttpOutlet | undefined
  const url = await serve(t, opened => {
    outlet = opened
    opened.signal.addEventListener('abort', () => aborted.resolve())
    opened.opened({ status: 200, headers: {} })
  })
  const outgoing = request(url, () => outgoing.destroy()).end()
  outgoing.on('error', () => {})
  await aborted.promise
  await outlet?.send(note)
  outlet?.end({ frame: done }, 'legacy')
})

test('an answer that was read to its end does not look like a client that went away', async t => {
  let outlet: HttpOutlet | undefined
  const url = await serve(t, opened => {
    outlet = opened
    opened.end({ frame: done }, 'legacy')
  })
  await send(url, { method: 'GET', headers: {} })
  await new Promise(resolve => setTimeout(resolve, 30))
  assert.equal(outlet?.signal.aborted, false)
})

test('a client that reads nothing holds the sender back and is cut off in the end', async t => {
  const big = frameOf({ kind: 'notification', method: 'n', params: { text: 'x'.repeat(4 << 20) } })
  const cut = Promise.withResolvers<number>()
  const url = await serve(
    t,
    async outlet => {
      const start = Date.now()
      for (let i = 0; i < 8 && !outlet.signal.aborted; i++) await outlet.send(big)
      cut.resolve(Date.now() - start)
    },
    { ...limits, stallMs: 300 },
  )
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {})
  t.after(() => socket.destroy())
  socket.pause().write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  assert.ok((await cut.promise) >= 250, 'the sender was not held back')
})

async function serve(t: TestContext, act: (outlet: HttpOutlet) => unknown, given = limits): Promise<string> {
  const server = createServer((_, response) => void act(new HttpOutlet(response, given)))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
