import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import test from 'node:test'
import { connect } from 'node:tls'
import { fc } from '../../test/property.ts'
import { greetingBytesMax, readGreeting } from './greeting.ts'

async function helloTo(servername: string | undefined): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const client = connect({ port, host: '127.0.0.1', ...(servername === undefined ? {} : { servername }) })
  client.on('error', () => undefined)
  const [socket] = await once(server, 'connection')
  const [bytes] = await once(socket, 'data')
  client.destroy()
  socket.destroy()
  server.close()
  return bytes
}

const http = (text: string) => readGreeting(Buffer.from(text, 'latin1'))

test('the name in a real TLS hello is read, also when the hello is cut into many records', async () => {
  const hello = await helloTo('api.example.com')
  assert.deepEqual(readGreeting(hello), { kind: 'tls', name: 'api.example.com' })
  for (const cut of [1, 5, 100]) assert.equal(readGreeting(hello.subarray(0, cut)), undefined)
  const handshake = hello.subarray(5)
  const records: Buffer[] = []
  for (let at = 0; at < handshake.length; at += 7) {
    const part = handshake.subarray(at, at + 7)
    records.push(Buffer.from([0x16, 3, 1, 0, part.length]), part)
  }
  assert.deepEqual(readGreeting(Buffer.concat(records)), { kind: 'tls', name: 'api.example.com' })
  assert.deepEqual(readGreeting(await helloTo(undefined)), { kind: 'tls', name: undefined })
})

test('HTTP tells its host', () => {
  assert.deepEqual(http('GET / HTTP/1.1\r\nHost: a.example:8080\r\n\r\n'), {
    kind: 'http',
    host: 'a.example',
    port: 8080,
  })
  assert.deepEqual(http('GET http://a.example/x HTTP/1.1\r\nhost:a.example\r\n\r\nbody'), {
    kind: 'http',
    host: 'a.example',
    port: undefined,
  })
  assert.deepEqual(http('CONNECT b.example:443 HTTP/1.1\r\nHost: b.example\r\n\r\n'), {
    kind: 'connect',
    host: 'b.example',
    port: 443,
  })
  assert.equal(http('GET / HTTP/1.1\r\nHost: a.exa'), undefined)
  assert.equal(http('GE'), undefined)
})

test('HTTP that two readers take apart differently is not waved through', () => {
  const heads = [
    'GET / HTTP/1.1\r\nHost: a.example\r\nHost: b.example\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'GET http://b.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n',
    'GET / HTTP/1.1\r\nHost : a.example\r\n\r\n',
    'GET / HTTP/1.1\r\nX: y\r\n Host: a.example\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a.example\rHost: b.example\r\n\r\n',
    'GET  / HTTP/1.1\r\nHost: a.example\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: user@a.example\r\n\r\n',
    'get / HTTP/1.1\r\nHost: a.example\r\n\r\n',
    '\r\nGET\t/ http/1.1\r\nHost: a.example\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'CONNECT b.example HTTP/1.1\r\nHost: b.example\r\n\r\n',
  ]
  for (const head of heads) assert.equal(http(head)?.kind, 'unreadable', JSON.stringify(head))
})

test('lines that end without a return are never taken for the end of the head', () => {
  const head = 'GET / HTTP/1.1\nHost: a.example\n\n'
  assert.equal(http(head), undefined)
  assert.equal(http(head.padEnd(greetingBytesMax, 'x'))?.kind, 'unreadable')
})

test('other protocols are let be', () => {
  for (const text of ['EHLO a\r\n', '\0\0\0\x08\x04\xd2\x16/', 'NICK x\r\n', '*1\r\n', 'SSH-2.0-x\r\n'])
    assert.equal(http(text)?.kind, 'other', JSON.stringify(text))
})

test('no bytes make the reader fail or run on beyond its bound', () => {
  const start = fc.constantFrom([], [0x16, 3, 1], [0x16, 3, 1, 0, 40, 1, 0, 0, 36])
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 300 }), (head, tail) => {
      const bytes = Buffer.concat([Buffer.from(head), tail])
      const found = readGreeting(bytes)
      assert.ok(found === undefined || typeof found.kind === 'string')
      assert.notEqual(readGreeting(Buffer.concat([bytes, Buffer.alloc(greetingBytesMax, 65)])), undefined)
    }),
  )
})
