import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import test, { type TestContext } from 'node:test'
import { listen } from '../../test/listen.ts'
import type { Carried } from './channel.ts'
import type { Greeting } from './greeting.ts'
import { carryDial, tunnelLimits } from './tunnel.ts'

type Stage = { readonly client: Socket; readonly greetings: Greeting[]; readonly reports: Carried[] }

async function through(t: TestContext, to: number, isAllowed: boolean, limits = tunnelLimits): Promise<Stage> {
  const greetings: Greeting[] = []
  const reports: Carried[] = []
  const door = await listen(t, socket => {
    socket.pause()
    void carryDial(
      socket,
      {
        dial: async () => ({ addresses: ['127.0.0.1'], port: to }),
        greet: async greeting => {
          greetings.push(greeting)
          return isAllowed
        },
        carried: report => void reports.push(report),
      },
      limits,
    )
  })
  const client = connect({ port: door, host: '127.0.0.1', allowHalfOpen: true })
  client.on('error', () => undefined)
  t.after(() => client.destroy())
  return { client, greetings, reports }
}

function closed(socket: Socket): Promise<void> {
  return new Promise(resolve => (socket.closed ? resolve() : void socket.once('close', () => resolve())))
}

async function textOf(socket: Socket): Promise<string> {
  let text = ''
  // Not by iterating: Node 22 destroys a socket that was read to its end so, before it is written to.
  socket.on('data', chunk => {
    text += String(chunk)
  })
  await once(socket, 'end')
  return text
}

test('both directions pass, each may end before the other, and bytes are counted', async t => {
  const port = await listen(t, async socket => void socket.end(`got ${(await textOf(socket)).length}`))
  const { client, greetings, reports } = await through(t, port, true)
  client.end('x'.repeat(100_000))
  assert.equal(await textOf(client), 'got 100000')
  await closed(client)
  for (let i = 0; i < 50 && reports.length === 0; i++) await new Promise(resolve => setTimeout(resolve, 10))
  assert.deepEqual(greetings, [{ kind: 'other' }])
  assert.deepEqual(reports, [{ up: 100_000, down: 10, ended: 'closed' }])
})

test('a server that speaks first is heard', async t => {
  const port = await listen(t, socket => void socket.write('220 ready\r\n'))
  const { client, greetings } = await through(t, port, true)
  const [bytes] = await once(client, 'data')
  assert.equal(String(bytes), '220 ready\r\n')
  assert.deepEqual(greetings, [{ kind: 'other' }])
})

test('one connection carries many requests', async t => {
  const port = await listen(t, socket => socket.on('data', bytes => void socket.write(bytes)))
  const { client } = await through(t, port, true)
  for (const word of ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'second', 'third']) {
    client.write(word)
    const [bytes] = await once(client, 'data')
    assert.equal(String(bytes), word)
  }
})

test('not one byte reaches the server when the first words are refused', async t => {
  let heard = 0
  const port = await listen(t, socket => {
    socket.on('data', bytes => {
      heard += bytes.length
    })
  })
  const { client, reports } = await through(t, port, false)
  client.write('GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n')
  await closed(client)
  assert.equal(heard, 0)
  assert.deepEqual(reports, [{ up: 0, down: 0, ended: 'refused' }])
})

test('half a greeting never passes, whatever the client waits for', async t => {
  let heard = 0
  const port = await listen(t, socket => {
    socket.on('data', bytes => {
      heard += bytes.length
    })
  })
  const { client, greetings } = await through(t, port, false, { ...tunnelLimits, greetingMs: 50 })
  client.write('GET / HTTP/1.1\r\nHo')
  await closed(client)
  assert.equal(greetings[0]?.kind, 'unreadable')
  assert.equal(heard, 0)
})

test('who waits before the first word is judged all the same', async t => {
  const port = await listen(t, () => undefined)
  const { client, greetings } = await through(t, port, false, { ...tunnelLimits, greetingMs: 20 })
  await new Promise(resolve => setTimeout(resolve, 100))
  assert.equal(greetings.length, 0)
  client.write('GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n')
  await closed(client)
  assert.equal(greetings[0]?.kind, 'http')
})

test('nobody there is reported, and the client is reset', async t => {
  const { client, reports } = await through(t, 1, true)
  await closed(client)
  assert.deepEqual(reports, [{ up: 0, down: 0, ended: 'unreachable' }])
})
