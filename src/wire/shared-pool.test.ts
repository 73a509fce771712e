import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import test, { type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
// Loaded whole, so that dispatchers have `request`.
import 'undici'
import type { Dispatcher } from 'undici'
import { poolFor } from './shared-pool.ts'

const policy = { isLoopback: true, mayBePrivate: false }

test('links to one place share connections, and those that rest hold none of their own', async t => {
  const place = await server(t, response => response.end('ok'))
  const links = Array.from({ length: 10 }, () => place.pool())
  for (const link of links) assert.equal(await place.text(link), 'ok')
  // A connection is free again a moment after its answer has ended: the next call may come before.
  assert.ok(place.opened() <= 2, `${place.opened()} connections`)
  for (const link of links) await link.destroy()
  for (let i = 0; i < 200 && place.open() > 0; i++) await pause(10)
  assert.equal(place.open(), 0, 'nobody is left')
})

test('a link that may dial elsewhere shares nothing with one that may not', async t => {
  const place = await server(t, response => response.end('ok'))
  await place.text(place.pool())
  await place.text(place.pool({ mayBePrivate: true }))
  assert.equal(place.opened(), 2)
})

test('a link that closes ends its own calls, those that wait too, and nobody else’s', async t => {
  const held: ServerResponse[] = []
  const place = await server(t, response => {
    response.write('begun ')
    held.push(response)
  })
  const [leaving, staying] = [place.pool({ connections: 1 }), place.pool({ connections: 1 })]
  const ended = [place.text(leaving), place.text(leaving)].map(codeOf)
  const kept = place.text(staying)
  for (let i = 0; i < 200 && held.length < 2; i++) await pause(10)
  assert.equal(held.length, 2, 'the second call of the first link waits for its turn')
  await leaving.destroy()
  assert.deepEqual(await Promise.all(ended), ['UND_ERR_DESTROYED', 'UND_ERR_DESTROYED'])
  for (const response of held) response.end('whole')
  assert.equal(await kept, 'begun whole')
  assert.equal(await codeOf(place.text(leaving)), 'UND_ERR_DESTROYED')
})

test('a link that closes while its connection is being made ends its call at once', async t => {
  const place = await server(t, response => response.end('late'))
  const link = place.pool()
  const call = codeOf(place.text(link))
  await link.destroy()
  assert.equal(await call, 'UND_ERR_DESTROYED')
})

test('calls of a link beyond its limit wait their turn and hold up no other link', async t => {
  let [now, most] = [0, 0]
  const place = await server(t, response => {
    most = Math.max(most, ++now)
    setTimeout(() => {
      now -= 1
      response.end('ok')
    }, 20)
  })
  const busy = place.pool({ connections: 2 })
  const texts = await Promise.all(Array.from({ length: 9 }, () => place.text(busy)))
  assert.deepEqual(new Set(texts), new Set(['ok']))
  assert.equal(most, 2)
})

async function server(t: TestContext, answer: (response: ServerResponse) => void) {
  const [open, pools] = [new Set<unknown>(), [] as Dispatcher[]]
  let opened = 0
  const listening = createServer((request, response) => {
    request.resume()
    answer(response)
  })
  listening.on('connection', socket => {
    opened += 1
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  await once(listening.listen(0, '127.0.0.1'), 'listening')
  t.after(async () => {
    await Promise.all(pools.map(pool => pool.destroy()))
    listening.closeAllConnections()
    listening.close()
  })
  const origin = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`
  const pool = ({ mayBePrivate = false, connections = 4 } = {}) => {
    const made = poolFor({ ...policy, mayBePrivate, origin }, { connectMs: 2000, connections })
    pools.push(made)
    return made
  }
  const text = async (link: Dispatcher) =>
    (await link.request({ origin, path: '/', method: 'POST', body: '{}' })).body.text()
  return { pool, text, opened: () => opened, open: () => open.size }
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: NodeJS.ErrnoException) => error.code,
  )
