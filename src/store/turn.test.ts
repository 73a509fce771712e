import assert from 'node:assert/strict'
import { connect, createServer } from 'node:net'
import test from 'node:test'
import { oncePerTurn } from './turn.ts'

test('one turn looks once, the next looks again', async () => {
  let looks = 0
  const look = oncePerTurn(() => {
    looks++
  })
  for (let i = 0; i < 100; i++) look()
  assert.equal(looks, 1)
  await new Promise(resolve => setImmediate(resolve))
  look()
  assert.equal(looks, 2)
})

test('promises that settle in one turn share a look', async () => {
  let looks = 0
  const look = oncePerTurn(() => {
    looks++
  })
  await new Promise(resolve => setImmediate(resolve))
  await Promise.all(Array.from({ length: 50 }, () => Promise.resolve().then(look)))
  assert.equal(looks, 1)
})

test('what begins in a callback and goes on in promises shares a look, and the next callback has its own', async () => {
  let looks = 0
  const look = oncePerTurn(() => {
    looks++
  })
  const turn = () =>
    new Promise<void>(resolve => {
      setImmediate(async () => {
        look()
        await undefined
        await undefined
        look()
        resolve()
      })
    })
  await Promise.all([turn(), turn()])
  assert.equal(looks, 2)
})

test('two sockets that became readable together each have a look of their own', async t => {
  let looks = 0
  const look = oncePerTurn(() => {
    looks++
  })
  const seen: number[] = []
  const server = createServer(socket => {
    socket.on('data', () => {
      look()
      seen.push(looks)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const clients = await Promise.all(
    [0, 1, 2, 3].map(
      () =>
        new Promise<ReturnType<typeof connect>>(resolve => {
          const client = connect(port, '127.0.0.1', () => resolve(client))
        }),
    ),
  )
  for (const client of clients) client.end('x')
  await Promise.all(clients.map(client => new Promise(resolve => client.once('close', resolve))))
  assert.deepEqual(seen, [1, 2, 3, 4])
})

test('a look that fails is not taken for one that was made', () => {
  let isBroken = true
  const look = oncePerTurn(() => {
    if (isBroken) throw new Error('disk')
  })
  assert.throws(look, /disk/u)
  isBroken = false
  look()
})

test('two that look in one turn begin the next one together', async () => {
  const looks = [0, 0]
  const [one, other] = [0, 1].map(i =>
    oncePerTurn(() => {
      looks[i] = (looks[i] ?? 0) + 1
    }),
  )
  for (let turn = 1; turn <= 3; turn++) {
    await new Promise(resolve => setImmediate(resolve))
    one?.()
    await Promise.resolve()
    for (let i = 0; i < 3; i++) other?.()
    one?.()
    assert.deepEqual(looks, [turn, turn])
  }
})
