import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { connect } from 'node:net'
import test from 'node:test'
import { listen } from '../../test/listen.ts'
import { openFarEnd } from './far-end.ts'

test('a reader that stops and goes on gets every byte, in order, while little is kept for it', async t => {
  const blocks = Array.from({ length: 400 }, (_, i) => Buffer.alloc(64 * 1024 + i, i))
  const source = await listen(t, socket => {
    for (const block of blocks) socket.write(block)
    socket.end()
  })
  const kept: number[] = []
  const door = await listen(t, client => {
    const far = openFarEnd('127.0.0.1', source)
    t.after(() => far.socket.destroy())
    far.socket.once('connect', () => far.into(client))
    const timer = setInterval(() => kept.push(client.writableLength), 1)
    client.once('close', () => clearInterval(timer))
  })
  const client = connect(door, '127.0.0.1')
  const hash = createHash('sha256')
  for await (const chunk of client) {
    hash.update(chunk)
    // A slow reader, now and then.
    if (chunk.length % 7 === 0) await new Promise(resolve => setTimeout(resolve, 2))
  }
  const wanted = createHash('sha256')
  for (const block of blocks) wanted.update(block)
  assert.equal(hash.digest('hex'), wanted.digest('hex'))
  assert.ok(Math.max(0, ...kept) <= 1024 * 1024, `${Math.max(...kept)} bytes were kept`)
})

test('what a host says first, or its end, is noticed before anybody listens, and nothing of it is lost', async t => {
  const talking = await listen(t, socket => socket.end('220 welcome\r\n'))
  const far = openFarEnd('127.0.0.1', talking)
  t.after(() => far.socket.destroy())
  await new Promise<void>(resolve => far.onFirst(resolve))
  const door = await listen(t, client => far.into(client))
  let text = ''
  for await (const chunk of connect(door, '127.0.0.1')) text += String(chunk)
  assert.equal(text, '220 welcome\r\n')
  const silent = openFarEnd('127.0.0.1', await listen(t, socket => socket.end()))
  t.after(() => silent.socket.destroy())
  await new Promise<void>(resolve => silent.onFirst(resolve))
})
