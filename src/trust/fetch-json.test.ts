import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
import { fetchJson } from './fetch-json.ts'

test('an answer comes within its bounds or not at all, and no redirect is followed', async t => {
  const server = createServer((request, response) => {
    if (request.url === '/moved') return void response.writeHead(302, { location: '/fine' }).end()
    response.end(request.url === '/large' ? JSON.stringify('x'.repeat(2000)) : '{"a":1}')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const ask = (path: string) => {
    const url = new URL(path, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    return fetchJson({ url, timeoutMs: 5000, bytesMax: 1000 })
  }
  assert.deepEqual(await ask('/fine'), { a: 1 })
  await assert.rejects(ask('/large'), /more than 1000 bytes/u)
  await assert.rejects(ask('/moved'), /HTTP 302/u)
})
