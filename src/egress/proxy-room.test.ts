import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { connect } from 'node:net'
import test, { type TestContext } from 'node:test'
import type { ServerName } from '../core/brand.ts'
import type { Deed } from './account.ts'
import { createDesk } from './desk.ts'
import { createLedger } from './ledger.ts'
import { openProxyRoom } from './proxy-room.ts'

async function stage(t: TestContext) {
  const web = createServer((asked, answer) => answer.end(`${asked.method} ${asked.url} ${asked.headers.host}`)).listen(
    0,
    '127.0.0.1',
  )
  await once(web, 'listening')
  const address = web.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const deeds: Deed[] = []
  const desk = createDesk('a' as ServerName, [{ name: 'ok.example', port }], {
    account: async (_server, deed) => void deeds.push(deed),
    ledger: createLedger(),
    now: Date.now,
    resolve: async () => ['127.0.0.1'],
    ownAddresses: () => [],
    mayBePrivate: () => true,
    volumeBytes: 1e9,
  })
  const room = await openProxyRoom(desk)
  t.after(async () => {
    await room.close()
    web.closeAllConnections()
    web.close()
  })
  const url = new URL(room.env['http_proxy'] ?? '')
  const auth = `Basic ${Buffer.from(`${url.username}:${url.password}`).toString('base64')}`
  return { room, deeds, port, auth }
}

type Asked = {
  readonly room: { readonly port: number }
  readonly path: string
  readonly headers: Record<string, string>
}

function get({ room, path, headers }: Asked): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: room.port, path, headers, setHost: false, agent: false }, async reply => {
      let text = ''
      for await (const chunk of reply) text += chunk
      resolve({ status: reply.statusCode ?? 0, text })
    })
      .once('error', reject)
      .end()
  })
}

async function say(port: number, text: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  socket.write(text)
  let said = ''
  socket.on('data', bytes => {
    said += bytes
  })
  await new Promise<void>(resolve => socket.once('close', () => resolve()))
  return said
}

test('a declared host is reached, plainly and through CONNECT, with one record each', async t => {
  const { room, deeds, port, auth } = await stage(t)
  const host = `ok.example:${port}`
  const headers = { 'proxy-authorization': auth, host }
  assert.deepEqual(await get({ room, path: `http://${host}/x?y`, headers }), { status: 200, text: `GET /x?y ${host}` })
  const head = `CONNECT ${host} HTTP/1.1\r\nproxy-authorization: ${auth}\r\n\r\n`
  const said = await say(room.port, `${head}GET /in HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  assert.match(said, /200 Connection established[\s\S]*GET \/in/u)
  assert.deepEqual(
    deeds.map(({ what, refusal }) => [what, refusal]),
    [
      ['dial', undefined],
      ['dial', undefined],
    ],
  )
})

test('what is not declared is refused by name, plainly and through CONNECT alike', async t => {
  const { room, deeds, port, auth } = await stage(t)
  const headers = { 'proxy-authorization': auth, host: `evil.example:${port}` }
  assert.equal((await get({ room, path: `http://evil.example:${port}/`, headers })).status, 403)
  assert.equal((await get({ room, path: `http://ok.example:${port}/`, headers })).status, 403)
  assert.equal((await get({ room, path: '/', headers })).status, 403)
  const connecting = `CONNECT evil.example:${port} HTTP/1.1\r\nproxy-authorization: ${auth}\r\n\r\n`
  assert.match(await say(room.port, connecting), /^HTTP\/1\.1 403/u)
  const hidden = `CONNECT ok.example:${port} HTTP/1.1\r\nproxy-authorization: ${auth}\r\n\r\nGET / HTTP/1.1\r\nHost: evil.example\r\n\r\n`
  assert.equal((await say(room.port, hidden)).includes('GET /'), false)
  assert.equal(deeds.length, 5)
  assert.ok(deeds.every(({ refusal }) => refusal !== undefined))
})

test('who was not given the word of the room cannot use it', async t => {
  const { room, deeds, port } = await stage(t)
  assert.equal((await get({ room, path: `http://ok.example:${port}/`, headers: { host: 'ok.example' } })).status, 407)
  assert.match(await say(room.port, `CONNECT ok.example:${port} HTTP/1.1\r\n\r\n`), /^HTTP\/1\.1 407/u)
  assert.deepEqual(deeds, [])
})
