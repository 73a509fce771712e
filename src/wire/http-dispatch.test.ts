import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import test, { type TestContext } from 'node:test'
import { Agent } from 'undici'
import { origin } from '../../test/fixtures/http-ends.ts'
import { type Answer, dispatched, type Wanted } from './http-dispatch.ts'

type Reads = ReturnType<Wanted['reads']>

async function asked(t: TestContext, reads: Reads, answer: (response: ServerResponse) => unknown) {
  const { url, seen } = await origin(t, answer)
  const agent = new Agent({ connections: 1 })
  t.after(() => agent.destroy())
  const giveUps: ((cause: Error) => void)[] = []
  const wanted = { reads: () => reads, bytesMax: 1000, abort: (one: (cause: Error) => void) => void giveUps.push(one) }
  const { origin: to, pathname } = new URL(url)
  const send = (): Promise<Answer> => dispatched(agent, { origin: to, path: pathname, method: 'GET' }, wanted)
  return { send, seen, giveUp: (cause = new Error('given up')) => giveUps.at(-1)?.(cause) }
}

test('a body in pieces comes back whole, with the head that it came under', async t => {
  const { send } = await asked(t, 'whole', response => {
    response.writeHead(203, { 'x-one': 'a' }).write('ab')
    setTimeout(() => response.end('cd'), 20)
  })
  const { statusCode, headers, whole } = await send()
  assert.deepEqual([statusCode, headers['x-one'], whole?.ok === true && String(whole.bytes)], [203, 'a', 'abcd'])
})

test('a body over the limit is given up, also where it was announced as shorter or not at all', async t => {
  const { send, seen } = await asked(t, 'whole', response => {
    const more = () => response.destroyed || response.write('x'.repeat(400), () => setTimeout(more, 1))
    more()
  })
  assert.deepEqual((await send()).whole, { ok: false, why: 'too-long' })
  assert.equal(seen.length, 1)
})

test('an answer that breaks off is told as broken, and never as a shorter one', async t => {
  const { send } = await asked(t, 'whole', response => {
    response.writeHead(200, { 'content-length': 100 }).write('half')
    setTimeout(() => response.destroy(), 20)
  })
  const { whole } = await send()
  assert.deepEqual(whole?.ok === false && whole.why, 'broken')
})

test('what breaks before its head is there rejects', async t => {
  const { send } = await asked(t, 'whole', response => response.destroy())
  await assert.rejects(send())
})

test('a call that is given up rejects before its head and breaks after it', async t => {
  const silent = await asked(t, 'whole', () => {})
  const waiting = silent.send()
  setTimeout(() => silent.giveUp(), 50)
  await assert.rejects(waiting, /given up/u)
  const half = await asked(t, 'whole', response => response.writeHead(200).write('half'))
  const begun = half.send()
  setTimeout(() => half.giveUp(), 100)
  assert.equal((await begun).whole?.ok, false)
  half.giveUp()
})

test('what nobody reads keeps its connection where it is short, and costs it where it is long', async t => {
  const ended = new Set<unknown>()
  const sizes = [10, 10, 4_000_000, 10]
  const { send } = await asked(t, 'nothing', response => {
    const { socket } = response
    socket?.once('close', () => ended.add(socket))
    response.end('x'.repeat(sizes.shift() ?? 0))
  })
  for (let i = 0; i < 2; i++) assert.deepEqual(Object.keys(await send()), ['statusCode', 'headers'])
  assert.equal(ended.size, 0)
  await send()
  await send()
  assert.equal(ended.size, 1)
})

test('a stream holds the server back while it is not read, and giving it up ends the request', async t => {
  let written = 0
  let isGone = false
  const { send } = await asked(t, 'stream', response => {
    response.once('close', () => {
      isGone = true
    })
    const more = () => {
      if (response.destroyed || written > 64 * mebi) return
      written += mebi
      if (response.write(Buffer.alloc(mebi))) setImmediate(more)
      else response.once('drain', more)
    }
    more()
  })
  const { stream } = await send()
  await new Promise(resolve => setTimeout(resolve, 300))
  assert.ok(written < 32 * mebi, `${written / mebi} MiB were taken`)
  let read = 0
  for await (const chunk of stream ?? []) {
    read += chunk.length
    if (read > 40 * mebi) break
  }
  assert.ok(written > 40 * mebi)
  assert.equal(stream?.destroyed, true)
  for (let i = 0; i < 100 && !isGone; i++) await new Promise(resolve => setTimeout(resolve, 20))
  assert.equal(isGone, true)
})

const mebi = 1024 * 1024
