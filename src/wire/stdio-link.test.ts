import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Script } from '../../test/fixtures/scripted-acts.ts'
import type { JsonObject } from '../core/json.ts'
import type { Launch } from '../core/launch.ts'
import { type Envelope, type Frame, frameOf, type RequestId } from './envelope.ts'
import type { Link, LinkError, WireOddity } from './link.ts'
import { readFrame } from './rpc.ts'
import { openStdioLink } from './stdio-link.ts'

const limits = { bytesMax: 200_000, depthMax: 32, inFlightMax: 100 }
const scripted = fileURLToPath(new URL('../../test/fixtures/scripted-server.ts', import.meta.url))

function launchOf(args: readonly string[], command = process.execPath): Launch {
  return { command, args, env: { PATH: '/usr/bin:/bin' }, cwd: '/', inputs: [], tier: 'none' }
}

async function open(t: TestContext, launch: Launch) {
  const seen = { unsolicited: [] as Envelope[], oddities: [] as WireOddity[] }
  const events = {
    unsolicited: async ({ envelope }: Frame) => void seen.unsolicited.push(envelope),
    oddity: (what: WireOddity) => void seen.oddities.push(what),
  }
  const link = await openStdioLink(launch, events, limits)
  t.after(() => link.close())
  return { link, seen }
}

const start = (t: TestContext, script: Script) =>
  open(t, launchOf([scripted, JSON.stringify({ onEof: 'exit', ...script })]))

function call(link: Link, id: RequestId, more: { tool?: string; meta?: JsonObject; signal?: AbortSignal } = {}) {
  const related: Envelope[] = []
  const params = {
    name: more.tool ?? 'echo',
    arguments: { n: 1 },
    ...(more.meta === undefined ? {} : { _meta: more.meta }),
  }
  const reply = link.request(frameOf({ kind: 'request', id, method: 'tools/call', params }), {
    signal: more.signal ?? new AbortController().signal,
    headers: {},
    related: async frame => void related.push(frame.envelope),
  })
  return { reply, related }
}

// They look into /proc, or want a POSIX shell.
const onLinux = { skip: process.platform !== 'linux' }

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: LinkError) => error.code,
  )

test('a call is answered, with its progress and logs before the answer', async t => {
  const acts = [{ progress: 1 }, { notify: 'notifications/message', params: { data: 'x' } }, { text: 'done' }]
  const { link } = await start(t, { calls: { work: [acts] } })
  const { reply, related } = call(link, 1, { tool: 'work', meta: { progressToken: 'p' } })
  const envelope = (await reply)?.frame.envelope
  assert.equal(envelope?.kind, 'result')
  assert.deepEqual(
    related.map(e => 'method' in e && e.method),
    ['notifications/progress', 'notifications/message'],
  )
})

test('the server gets the bytes of the frame and we get the bytes of its answer, odd numbers and blanks included', async t => {
  const { link } = await open(t, launchOf(['-c', 'exec cat'], '/bin/sh'))
  // cat sends each line back: a request comes back as a server request and belongs to the only one in flight.
  const bytes = Buffer.from('{ "jsonrpc":"2.0","id":1,"method":"x","params":{"big":12345678901234567890,"one":1.0} }')
  const read = readFrame(bytes, limits)
  assert.ok(read.ok)
  const echoed = new Promise<Frame>(resolve => {
    const options = {
      signal: new AbortController().signal,
      headers: {},
      related: async (frame: Frame) => resolve(frame),
    }
    link.request(read.frame, options).catch(() => {})
  })
  assert.deepEqual(Buffer.from((await echoed).bytes), bytes)
})

test('what is not a message is recorded and dropped, and the answer behind it arrives', async t => {
  const acts = [
    { raw: 'Listening on port 3000\n{"jsonrpc":"2.0","id":77,"result":{}}\n' },
    { stderr: 'debug\n' },
    { text: 'ok' },
  ]
  const { link, seen } = await start(t, { calls: { noisy: [acts] } })
  await call(link, 1, { tool: 'noisy' }).reply
  await sleep(50)
  assert.deepEqual(seen.oddities.map(({ code }) => code).sort(), ['not-json', 'stderr', 'unknown-id'])
})

test('an answer that two parsers read differently fails its request at once and no other', async t => {
  const acts = [{ raw: '{"jsonrpc":"2.0","id":1,"result":{"content":[],"content":[1]}}\n' }, { hang: true as const }]
  const { link, seen } = await start(t, { calls: { evil: [acts] } })
  assert.equal(await codeOf(call(link, 1, { tool: 'evil' }).reply), 'protocol')
  assert.equal(await codeOf(call(link, 2).reply), 'ok')
  assert.deepEqual(
    seen.oddities.map(({ code }) => code),
    ['ambiguous'],
  )
})

test('an answer beyond the limit fails its request as too long, and the next call works', async t => {
  const { link } = await start(t, { calls: { big: [[{ size: 300_000 }]] } })
  assert.equal(await codeOf(call(link, 1, { tool: 'big' }).reply), 'too-long')
  assert.equal(await codeOf(call(link, 2).reply), 'ok')
})

test('a server request reaches the call that caused it, and our answer reaches the server', async t => {
  const acts = [{ ask: 'sampling/createMessage', params: {} }, { answered: true as const }]
  const { link } = await start(t, { calls: { ask: [acts] } })
  const { reply, related } = call(link, 1, { tool: 'ask' })
  while (related.length === 0) await sleep(5)
  const [asked] = related
  assert.ok(asked?.kind === 'request' && asked.method === 'sampling/createMessage')
  await link.notify(frameOf({ kind: 'result', id: asked.id, result: { model: 'answered here' } }), {})
  assert.match(JSON.stringify((await reply)?.frame.envelope), /answered here/u)
})

test('many calls at once are answered each with its own id', async t => {
  const { link } = await start(t, {})
  const replies = await Promise.all(Array.from({ length: 90 }, (_, id) => call(link, id).reply))
  replies.forEach((reply, id) => {
    assert.equal(reply?.frame.envelope.kind === 'result' && reply.frame.envelope.id, id)
  })
})

test('a server that dies fails what is in flight and says how it died', async t => {
  const { link } = await start(t, { calls: { die: [[{ crash: 3 }]] } })
  const died = call(link, 1, { tool: 'die' }).reply
  await assert.rejects(died, { code: 'closed', message: /exited with code 3/u })
  assert.equal(await link.closed, 'exited with code 3')
  assert.equal(await codeOf(call(link, 2).reply), 'closed')
})

test('an aborted call ends at once', async t => {
  const { link } = await start(t, { calls: { hang: [[{ hang: true }]] } })
  const abort = new AbortController()
  const { reply } = call(link, 1, { tool: 'hang', signal: abort.signal })
  setTimeout(() => abort.abort(), 20)
  assert.equal(await codeOf(reply), 'aborted')
  assert.equal(await codeOf(call(link, 2, { signal: abort.signal }).reply), 'aborted')
})

test('a server that floods is read no faster than its messages are taken', {
  skip: process.platform !== 'linux',
}, async t => {
  const flood = 'while :; do echo \'{"jsonrpc":"2.0","method":"notifications/message","params":{}}\'; done'
  let count = 0
  const events = { unsolicited: () => new Promise<void>(() => void count++), oddity: () => {} }
  const link = await openStdioLink(launchOf(['-c', flood], '/bin/sh'), events, limits)
  t.after(() => link.close())
  await sleep(300)
  const before = process.memoryUsage().heapUsed
  await sleep(300)
  assert.ok(process.memoryUsage().heapUsed - before < 8 << 20)
  assert.equal(count, 1)
})

test('a server that prints more in a minute than it may is stopped, and it is said why', onLinux, async t => {
  const output = { lineBytes: 1 << 20, bytesPerMinute: 2 << 20 }
  for (const stream of ['', ' >&2']) {
    const flood = `while :; do printf '%01000d\\n' 0${stream}; done`
    const { link } = await open(t, { ...launchOf(['-c', flood], '/bin/sh'), output })
    assert.match(await link.closed, /more than 2 MiB in a minute \(limits\.outputMiBPerMin\)/u)
  }
})

test('an answer longer than its launch allows fails as too long, and the server goes on', async t => {
  const launch = launchOf([scripted, JSON.stringify({ onEof: 'exit', calls: { big: [[{ size: 60_000 }]] } })])
  const { link } = await open(t, { ...launch, output: { lineBytes: 50_000, bytesPerMinute: 2 << 20 } })
  assert.equal(await codeOf(call(link, 1, { tool: 'big' }).reply), 'too-long')
  assert.equal(await codeOf(call(link, 2).reply), 'ok')
})

test('closing leaves no process, also when the server ignores EOF and TERM and has a child', onLinux, async t => {
  const record = join(mkdtempSync(join(tmpdir(), 'stdio-link-')), 'record.jsonl')
  const script = { onEof: 'ignore', onTerm: 'ignore', child: true, start: [{ stderr: 'up\n' }], record } as const
  const { link, seen } = await start(t, script)
  while (seen.oddities.length === 0) await sleep(10)
  await link.close()
  assert.equal(await link.closed, 'stopped')
  const notes = readFileSync(record, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  const pids = notes.flatMap(note => [note.started, note.child]).filter(pid => pid !== undefined)
  assert.equal(pids.length, 2)
  assert.ok(notes.some(note => note.eof) && notes.some(note => note.signal === 'SIGTERM'))
  await sleep(50)
  assert.deepEqual(pids.filter(runs), [])
})

function runs(pid: number): boolean {
  try {
    return !/^State:\s+Z/mu.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

test('a request that is refused because too many are in flight, or because its id is, is never sent', async t => {
  const { link, seen } = await start(t, {})
  const calls = Array.from({ length: limits.inFlightMax + 20 }, (_, id) => call(link, id).reply)
  calls.push(call(link, 0).reply)
  const codes = await Promise.all(calls.map(codeOf))
  assert.equal(codes.filter(code => code === 'protocol').length, 21)
  await call(link, 'last').reply
  assert.deepEqual(seen.oddities, [], 'an answer to nothing in flight would show that it ran all the same')
})
