import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { frameOf } from './envelope.ts'
import type { Exchange, WireOddity } from './link.ts'
import { serveStdio } from './stdio-face.ts'

const limits = { bytesMax: 10_000, depthMax: 20, inFlightMax: 4, lingerMs: 100 }

function play(accept: (exchange: Exchange) => Promise<void>, more: Partial<typeof limits> = {}) {
  const input = new PassThrough()
  const output = new PassThrough({ highWaterMark: 4096 })
  const oddities: WireOddity[] = []
  const events = { accept, oddity: (what: WireOddity) => void oddities.push(what) }
  const face = serveStdio({ input, output, connection: 'c' }, events, { ...limits, ...more })
  const lines = async () => {
    await sleep(10)
    // From Node 26 on one read gives one chunk.
    let text = ''
    for (let chunk = output.read(); chunk !== null; chunk = output.read()) text += String(chunk)
    return text
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line))
  }
  return { input, output, face, oddities, lines }
}

const echo = async (exchange: Exchange) => {
  const { envelope } = exchange.frame
  const frame = envelope.kind === 'request' && frameOf({ kind: 'result', id: envelope.id, result: envelope.params })
  await exchange.end(frame ? { frame } : undefined)
}

test('requests are answered, notifications and answers are taken without a word', async () => {
  const kinds: string[] = []
  const { input, lines } = play(exchange => {
    kinds.push(exchange.frame.envelope.kind)
    return echo(exchange)
  })
  input.write('{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":1}}\r\n{"jsonrpc":"2.0","method":"n"}\n')
  input.write('{"jsonrpc":"2.0","id":1,"result":{}}\n')
  assert.deepEqual(await lines(), [{ jsonrpc: '2.0', id: 1, result: { a: 1 } }])
  assert.deepEqual(kinds, ['request', 'notification', 'result'])
})

test('each malformed line is answered, recorded, and the connection lives on', async () => {
  const { input, lines, oddities } = play(echo)
  input.write('not json\n')
  input.write('{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"a","name":"b"}}\n')
  input.write('[{"jsonrpc":"2.0","id":3,"method":"x"}]\n')
  input.write(Buffer.from([0x7b, 0xff, 0x7d, 10]))
  input.write(`{"jsonrpc":"2.0","id":5,"method":"x","params":{"a":"${'x'.repeat(20_000)}"}}\n`)
  input.write(`{"jsonrpc":"2.0","id":6,"method":"x","params":{"a":${'['.repeat(30)}${']'.repeat(30)}}}\n`)
  input.write('{"jsonrpc":"2.0","id":7,"method":"x"}\n')
  const answers = await lines()
  assert.deepEqual(
    answers.map(({ id, error }) => [id, error?.code]),
    [
      [null, -32700],
      [2, -32600],
      [null, -32600],
      [null, -32700],
      [5, -32700],
      [6, -32600],
      [7, undefined],
    ],
  )
  assert.deepEqual(
    oddities.map(({ code }) => code),
    ['not-json', 'ambiguous', 'not-rpc', 'bad-utf8', 'too-long', 'not-rpc'],
  )
  assert.ok(oddities.every(({ sample }) => Buffer.byteLength(sample) <= 200))
})

test('an answer of the client that cannot be read is recorded and not answered', async () => {
  const { input, lines, oddities } = play(echo)
  input.write('{"jsonrpc":"2.0","id":1,"result":{"a":1,"a":2}}\n')
  assert.deepEqual(await lines(), [])
  assert.equal(oddities.length, 1)
})

test('the era is what a message claims, and stays for messages that do not tell', async () => {
  const eras: string[] = []
  const { input } = play(exchange => {
    eras.push(exchange.era)
    return exchange.end(undefined)
  })
  const claim = '{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}'
  input.write('{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n')
  input.write(`{"jsonrpc":"2.0","id":2,"method":"tools/list","params":${claim}}\n`)
  input.write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}\n')
  input.write('{"jsonrpc":"2.0","id":3,"method":"initialize","params":{}}\n')
  await sleep(10)
  assert.deepEqual(eras, ['legacy', 'modern', 'modern', 'legacy'])
})

test('a client that asks much and ends nothing is not read on', async () => {
  const open: Exchange[] = []
  const { input, lines } = play(async exchange => void open.push(exchange))
  for (let id = 0; id < 12; id++) {
    input.write(`{"jsonrpc":"2.0","id":${id},"method":"x"}\n`)
    await sleep(1)
  }
  assert.equal(open.length, 4)
  for (let i = 0; i < 12; i++) {
    await echo(open[i]!)
    await sleep(1)
  }
  assert.equal((await lines()).length, 12)
})

test('a client that asks and never reads is not read on, and goes on when it reads', async () => {
  let count = 0
  const { input, output } = play(exchange => {
    count++
    return echo(exchange)
  })
  const line = `{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":"${'x'.repeat(900)}"}}\n`
  for (let i = 0; i < 200; i++) {
    input.write(line)
    if (i % 10 === 0) await sleep(1)
  }
  const stalled = count
  assert.ok(stalled < 100, `${stalled} were read`)
  output.resume()
  await sleep(50)
  assert.equal(count, 200)
})

test('what was asked before the end is answered, then the face closes', async () => {
  const { input, face, output } = play(async exchange => {
    await sleep(20)
    await echo(exchange)
  })
  input.end('{"jsonrpc":"2.0","id":1,"method":"x"}')
  const text = output.toArray()
  assert.equal(await face.closed, 'the client closed its end')
  assert.match(Buffer.concat(await text).toString(), /"id":1,"result"/u)
})

test('a client that only listens still is let go at once when it closes its end', async () => {
  const { input, face, lines } = play(
    async exchange => {
      const { envelope } = exchange.frame
      if ('method' in envelope && envelope.method === 'subscriptions/listen') return
      await sleep(20)
      await echo(exchange)
    },
    { lingerMs: 60_000 },
  )
  input.write('{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen"}\n')
  input.end('{"jsonrpc":"2.0","id":2,"method":"x"}\n')
  assert.equal(await face.closed, 'the client closed its end')
  assert.deepEqual(
    (await lines()).map(({ id }) => id),
    [2],
  )
})

test('an exchange that never ends is aborted a while after the client closed its end', async () => {
  const reasons: unknown[] = []
  const { input, face } = play(async ({ signal }) => {
    signal.addEventListener('abort', () => reasons.push(signal.reason))
  })
  input.end('{"jsonrpc":"2.0","id":1,"method":"x"}\n')
  await face.closed
  assert.equal(reasons.length, 1)
})

test('a handler that breaks is answered with an internal error that tells nothing of its cause', async () => {
  const { input, lines, oddities } = play(() => Promise.reject(new Error('secret inside')))
  input.write('{"jsonrpc":"2.0","id":1,"method":"x"}\n')
  const [answer] = await lines()
  assert.deepEqual([answer.id, answer.error.code], [1, -32603])
  assert.doesNotMatch(JSON.stringify([answer, oddities]), /secret/u)
})

test('an exchange ends once', async () => {
  const { input, lines } = play(async exchange => {
    await echo(exchange)
    await echo(exchange)
  })
  input.write('{"jsonrpc":"2.0","id":1,"method":"x"}\n')
  assert.equal((await lines()).length, 1)
})

test('no more exchanges are open than the limit, however many lines come in one chunk', async () => {
  let open = 0
  let most = 0
  const { input, lines } = play(async exchange => {
    most = Math.max(most, ++open)
    await sleep(1)
    open--
    await echo(exchange)
  })
  const ids = Array.from({ length: 60 }, (_, id) => id)
  input.write(ids.map(id => `{"jsonrpc":"2.0","id":${id},"method":"x"}\n`).join(''))
  const seen: number[] = []
  for (let i = 0; i < 500 && seen.length < ids.length; i++) seen.push(...(await lines()).map(({ id }) => id))
  assert.deepEqual(seen, ids)
  assert.equal(most, limits.inFlightMax)
})

test('lines of one chunk that are answered on the spot neither pile up on the stack nor get lost at the end', async () => {
  const { input, face, lines } = play(async exchange => exchange.end(undefined), { inFlightMax: 1, bytesMax: 1e7 })
  const parked: Exchange[] = []
  const waiting = play(
    async exchange => {
      if (parked.length === 0) parked.push(exchange)
      else await exchange.end({ frame: frameOf({ kind: 'result', id: 'x', result: {} }) })
    },
    { inFlightMax: 1, bytesMax: 1e7 },
  )
  const many = '{"jsonrpc":"2.0","id":1,"method":"x"}\n'.repeat(20_000)
  input.end(many)
  waiting.input.end(many)
  await sleep(20)
  await parked[0]?.end(undefined)
  assert.equal(await face.closed, 'the client closed its end')
  assert.equal(await waiting.face.closed, 'the client closed its end')
  assert.deepEqual(await lines(), [])
  let answers = 0
  for (let text = waiting.output.read(); text !== null; text = waiting.output.read())
    answers += String(text).split('\n').length - 1
  assert.equal(answers, 19_999)
})
