import assert from 'node:assert/strict'
import { request, type ServerResponse } from 'node:http'
import test, { type TestContext } from 'node:test'
import {
  type Answer,
  meta,
  origin,
  postHeaders,
  rpc,
  type Seen,
  type Sent,
  send,
} from '../../test/fixtures/http-ends.ts'
import { startRelay } from '../../test/fixtures/http-relay.ts'
import { isObject } from '../core/json.ts'

// What the two ends change between client and server when nothing stands between them: nothing that MCP gives a meaning.

const modern = { ...postHeaders, 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'x' }
const ok = '{ "result" : {"n":1.0,"big":12345678901234567890}, "id":1, "jsonrpc":"2.0" }'
const note = '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":0.50}}'
const json = { 'content-type': 'application/json' }
const sse = { 'content-type': 'text/event-stream' }

type Scene = { readonly title: string; readonly sent: Sent; readonly serve: (response: ServerResponse) => unknown }

const scenes: readonly Scene[] = [
  {
    title: 'a JSON answer, byte for byte',
    sent: { body: rpc('tools/list') },
    serve: response => response.writeHead(200, json).end(ok),
  },
  {
    title: 'a new session',
    sent: { body: rpc('initialize') },
    serve: response => response.writeHead(200, { ...json, 'mcp-session-id': 'S-1' }).end(ok),
  },
  {
    title: 'a session that is over',
    sent: { headers: { ...postHeaders, 'mcp-session-id': 'S-0' }, body: rpc('tools/list') },
    serve: response =>
      response
        .writeHead(404, json)
        .end('{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}'),
  },
  {
    title: 'a stream with priming, progress, ids and the response',
    sent: { body: rpc('tools/call') },
    serve: response =>
      response
        .writeHead(200, { ...sse, 'mcp-session-id': 'S-1' })
        .end(
          `id: a\nretry: 40\ndata: \n\nevent: message\nid: b\ndata: ${note}\n\nevent: message\nid: c\ndata: ${ok}\n\n`,
        ),
  },
  {
    title: 'a stream that the server ends early for the client to resume',
    sent: { body: rpc('tools/call') },
    serve: response => response.writeHead(200, sse).end(': hello\n\nid: a\nretry: 40\ndata: \n\n'),
  },
  {
    title: 'a resumed stream',
    sent: { method: 'GET', headers: { accept: 'text/event-stream', 'last-event-id': 'a', 'mcp-session-id': 'S-1' } },
    serve: response => response.writeHead(200, sse).end(`event: message\nid: d\ndata: ${ok}\n\n`),
  },
  {
    title: 'a stream that the server does not offer',
    sent: { method: 'GET', headers: { accept: 'text/event-stream' } },
    serve: response => response.writeHead(405, { allow: 'POST' }).end(),
  },
  {
    title: 'the end of a session',
    sent: { method: 'DELETE', headers: { 'mcp-session-id': 'S-1' } },
    serve: response => response.writeHead(204).end(),
  },
  {
    title: 'a notification',
    sent: { body: { jsonrpc: '2.0', method: 'notifications/initialized' } },
    serve: response => response.writeHead(202).end(),
  },
  {
    title: 'a refused notification',
    sent: { body: { jsonrpc: '2.0', method: 'notifications/initialized' } },
    serve: response =>
      response.writeHead(400, json).end('{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no session"}}'),
  },
  {
    title: 'an answer to a server request',
    sent: { body: { jsonrpc: '2.0', id: 'srv-1', result: { roots: [] } } },
    serve: response => response.writeHead(202).end(),
  },
  {
    title: 'a modern call',
    sent: { headers: modern, body: rpc('tools/call', { name: 'x', _meta: meta }) },
    serve: response => response.writeHead(200, json).end(ok),
  },
  {
    title: 'a modern error with its status',
    sent: { headers: modern, body: rpc('tools/call', { name: 'x', _meta: meta }) },
    serve: response =>
      response.writeHead(400, json).end('{"jsonrpc":"2.0","id":1,"error":{"code":-32021,"message":"capability"}}'),
  },
  {
    title: 'a server that asks for patience',
    sent: { body: rpc('tools/list') },
    serve: response =>
      response
        .writeHead(503, { ...json, 'retry-after': '7' })
        .end('{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"busy"}}'),
  },
]

for (const { title, sent, serve } of scenes)
  test(`relayed and direct are the same on both sides: ${title}`, async t => {
    const server = await origin(t, response => void serve(response))
    const url = await relayTo(t, server.url)
    const [direct, relayed] = [await send(server.url, sent), await send(url, sent)]
    assert.deepEqual(meaning(relayed), meaning(direct))
    if (isAsked(sent))
      assert.deepEqual([relayed.text, relayed.headers['content-type']], [direct.text, direct.headers['content-type']])
    else assert.ok(direct.status < 400 || !relayed.text.includes('no session'))
    const [one, two] = server.seen
    assert.ok(one !== undefined && two !== undefined)
    assert.deepEqual(question(two), question(one))
  })

test('the first byte of a stream does not wait for the last', async t => {
  const server = await origin(t, response => response.writeHead(200, sse).write(`data: ${note}\n\n`))
  const url = await relayTo(t, server.url)
  const first = await new Promise<string>((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers: postHeaders }, response => {
      response.once('data', chunk => {
        resolve(String(chunk))
        outgoing.destroy()
      })
    })
    outgoing.on('error', reject).end(JSON.stringify(rpc('tools/call')))
  })
  assert.equal(first, `event: message\ndata: ${note}\n\n`)
})

test('a client that goes away takes its request at the server with it, and no other', async t => {
  const closed: string[] = []
  const server = await origin(t, (response, { body }) => {
    response.on('close', () => closed.push(String(JSON.parse(body).id)))
    response.writeHead(200, sse).write(': open\n\n')
  })
  const url = await relayTo(t, server.url)
  const open = (id: number) => {
    const outgoing = request(url, { method: 'POST', headers: postHeaders }).on('error', () => {})
    outgoing.end(JSON.stringify(rpc('tools/call', {}, id)))
    t.after(() => outgoing.destroy())
    return outgoing
  }
  const [first] = [open(1), open(2)]
  await new Promise(resolve => setTimeout(resolve, 150))
  first.destroy()
  await new Promise(resolve => setTimeout(resolve, 150))
  assert.deepEqual(closed, ['1'])
})

async function relayTo(t: TestContext, target: string): Promise<string> {
  const relay = await startRelay({ url: target })
  t.after(() => relay.close())
  return relay.face.url
}

/** Whether the server was asked something: only then its words are read by guards and passed on. */
function isAsked({ method, body }: Sent): boolean {
  return method === undefined && isObject(body) && 'method' in body && 'id' in body
}

const telling = ['mcp-session-id', 'retry-after', 'allow', 'mcp-protocol-version']

function meaning({ status, headers }: Answer) {
  return { status, headers: telling.map(name => headers[name]) }
}

function question({ method, headers, body }: Seen) {
  const names = Object.keys(headers).filter(name => name.startsWith('mcp-') || name === 'last-event-id')
  const json = method === 'POST' ? [headers['content-type'], headers.accept] : []
  return { method, body, json, headers: names.sort().map(name => [name, headers[name]]) }
}
