import assert from 'node:assert/strict'
import test from 'node:test'
import type { ServerName } from '../core/brand.ts'
import { frameOf } from '../wire/envelope.ts'
import { type Link, LinkError } from '../wire/link.ts'
import { Upstream, type UpstreamState } from './upstream.ts'

function bench(open: () => Promise<Link>) {
  const states: UpstreamState['kind'][] = []
  const clock = { ms: 0 }
  const upstream = new Upstream({
    server: 's' as ServerName,
    kind: 'stdio',
    open,
    events: { unsolicited: async () => {}, oddity: () => {} },
    idleMs: 20,
    handshakeMs: 1000,
    onState: ({ kind }) => void states.push(kind),
    now: () => clock.ms,
  })
  return { upstream, states, clock }
}

function link(methods: string[] = []) {
  const over = Promise.withResolvers<string>()
  const made: Link = {
    request: async ({ envelope }) => {
      methods.push(envelope.kind === 'request' ? envelope.method : '')
      return { frame: frameOf({ kind: 'result', id: 1, result: {} }) }
    },
    notify: async ({ envelope }) => void methods.push(envelope.kind === 'notification' ? envelope.method : ''),
    close: async () => over.resolve('closed'),
    closed: over.promise,
  }
  return { made, crash: () => over.resolve('crashed') }
}
const tick = () => new Promise(resolve => setTimeout(resolve, 5))

test('nothing starts before it is used, and two uses start it once', async () => {
  let starts = 0
  const { upstream } = bench(async () => {
    starts++
    return link().made
  })
  assert.equal(starts, 0)
  await Promise.all([upstream.use(async () => {}), upstream.use(async () => {})])
  assert.equal(starts, 1)
  await upstream.close()
})

test('a crash makes it broken, further tries wait longer and longer, and one that works ends that', async () => {
  let fails = true
  const { upstream, clock } = bench(async () => {
    if (fails) throw new LinkError('spawn-failed', 'no such program')
    return link().made
  })
  const waits: number[] = []
  for (let n = 0; n < 4; n++) {
    await assert.rejects(upstream.use(async () => {}))
    await assert.rejects(
      upstream.use(async () => {}),
      /next try in/u,
    )
    const { state } = upstream
    if (state.kind === 'broken') {
      waits.push(state.retryAtMs - clock.ms)
      clock.ms = state.retryAtMs
    }
  }
  assert.deepEqual(waits, [250, 500, 1000, 2000])
  fails = false
  await upstream.use(async () => {})
  assert.equal(upstream.state.kind, 'ready')
  await upstream.close()
})

test('after a crash the handshake is made again before anything else', async () => {
  const methods: string[] = []
  const first = link(methods)
  const links = [first.made, link(methods).made]
  const { upstream, clock } = bench(async () => links.shift() ?? first.made)
  await upstream.use(async () =>
    upstream.shook({ protocolVersion: '2025-11-25' }, { frame: frameOf({ kind: 'result', id: 0, result: {} }) }),
  )
  first.crash()
  await tick()
  clock.ms += 60_000
  await upstream.use(async () => {})
  assert.deepEqual(methods, ['initialize', 'notifications/initialized'])
  await upstream.close()
})

test('without use the connection ends, and the next use starts it again', async () => {
  let starts = 0
  const { upstream, states } = bench(async () => {
    starts++
    return link().made
  })
  await upstream.use(async () => {})
  await new Promise(resolve => setTimeout(resolve, 60))
  assert.equal(upstream.state.kind, 'idle')
  await upstream.use(async () => {})
  assert.equal(starts, 2)
  assert.ok(!states.includes('broken'))
  await upstream.close()
})

test('what is closed stays closed', async () => {
  const { upstream } = bench(async () => link().made)
  await upstream.close()
  await assert.rejects(
    upstream.use(async () => {}),
    /closed/u,
  )
})

test('a server that takes its time to end ends nothing of the one that was started in its place', async () => {
  const slow = link()
  const stopping: Link = { ...slow.made, close: () => slow.made.closed.then(() => {}) }
  const next = link()
  const links = [stopping, next.made]
  let starts = 0
  const { upstream } = bench(async () => links[starts++]!)
  await upstream.use(async () => {})
  const rested = upstream.rest()
  await upstream.use(async () => {})
  slow.crash()
  await rested
  await upstream.use(async () => {})
  assert.equal(starts, 2)
  assert.ok(upstream.isRunning)
  await upstream.close()
  assert.equal(await next.made.closed, 'closed')
})

test('a start that fails after it was given up breaks nothing of the start that followed', async () => {
  const first = Promise.withResolvers<Link>()
  const next = link()
  let starts = 0
  const { upstream } = bench(() => (starts++ === 0 ? first.promise : Promise.resolve(next.made)))
  const early = assert.rejects(upstream.use(async () => {}))
  const rested = upstream.rest()
  await upstream.use(async () => {})
  first.reject(new LinkError('spawn-failed', 'too late'))
  await early
  await rested
  await upstream.use(async () => {})
  assert.equal(starts, 2)
  assert.equal(upstream.state.kind, 'ready')
  await upstream.close()
  assert.equal(await next.made.closed, 'closed')
})

test('a server that starts anew but refuses the handshake is ended and not left running', async () => {
  const first = link()
  const deaf = link()
  const refusing: Link = {
    ...deaf.made,
    request: async () => ({ frame: frameOf({ kind: 'error', id: 1, error: { code: 1, message: 'no' } }) }),
  }
  const links = [first.made, refusing]
  const { upstream, clock } = bench(async () => links.shift()!)
  await upstream.use(async () => {})
  upstream.shook({ protocolVersion: '2025-11-25' }, { frame: frameOf({ kind: 'result', id: 1, result: {} }) })
  first.crash()
  await tick()
  clock.ms = 1000
  await assert.rejects(upstream.use(async () => {}))
  assert.equal(await Promise.race([deaf.made.closed, tick().then(() => 'left running')]), 'closed')
  await upstream.close()
})
