import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { skip } from '../../test/attacks/sandbox/play.ts'
import { command } from '../../test/fixtures/command.ts'
import { layOut } from '../../test/temporary.ts'

const server = fileURLToPath(new URL('../cli/doctor-server.ts', import.meta.url))
const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'a test', version: '1' } }
const ask = (id: number, method: string, params: object) =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`

test('one server is guarded with the defaults, without any configuration', async () => {
  const call = { name: 'read_count', arguments: { extra: 1 } }
  const input = ask(1, 'initialize', hello) + ask(2, 'tools/list', {}) + ask(3, 'tools/call', call)
  const words = ['exec', '--sandbox', 'none', '--name', 'doctor', '--', process.execPath, server]
  const { code, out, err } = await command(words, { folder: layOut({}), input })
  assert.equal(code, 0, err)
  const answers = new Map(
    out
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
      .map(answer => [answer.id, answer]),
  )
  assert.equal(answers.get(1)?.result.serverInfo.name, 'doctor')
  assert.equal(answers.get(2)?.result.tools.length, 2)
  assert.ok(answers.has(3))
})

test('a server that does not exist is told in words, and the client gets an answer', async () => {
  const words = ['exec', '--sandbox', 'none', '--', '/no/such/program']
  const { out } = await command(words, { folder: layOut({}), input: ask(1, 'initialize', hello) })
  assert.match(JSON.parse(out).error.message, /not available/u)
})

const shown = `
  const answer = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n')
  process.stdin.setEncoding('utf8').on('data', text => {
    for (const line of text.split('\\n').filter(Boolean)) {
      const { id, method } = JSON.parse(line)
      const serverInfo = { name: 'shown', version: String(process.env.SHOWN) }
      if (method === 'initialize') answer(id, { protocolVersion: '2025-11-25', capabilities: {}, serverInfo })
    }
  })
`

test('a variable that is passed on leaves the permissions of a well-known server as they are', async () => {
  const path = 'node_modules/@modelcontextprotocol/server-everything/index.js'
  const folder = layOut({ [path]: shown })
  const words = ['exec', '--sandbox', 'none', '--env', 'SHOWN', '--', process.execPath, path]
  const { out } = await command(words, { folder, input: ask(1, 'initialize', hello), env: { SHOWN: 'yes' } })
  assert.equal(JSON.parse(out).result.serverInfo.version, 'yes')
  const log = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find(name => name.endsWith('.jsonl'))
  assert.match(
    readFileSync(join(folder, log ?? assert.fail()), 'utf8'),
    /preset @modelcontextprotocol\/server-everything/u,
  )
})

test('a variable that is not there is named, and the server is not started without it', async () => {
  const words = ['exec', '--sandbox', 'none', '--env', 'NO_SUCH_VARIABLE', '--', process.execPath, '-e', shown]
  const { out } = await command(words, { folder: layOut({}), input: ask(1, 'initialize', hello) })
  assert.match(JSON.parse(out).error.message, /NO_SUCH_VARIABLE/u)
})

const threaded = `
  const { Worker } = require('node:worker_threads')
  const up = () => new Promise((done, fail) => {
    const worker = new Worker("require('node:worker_threads').parentPort.postMessage(1)", { eval: true })
    worker.once('message', done).once('error', fail)
  })
  process.stdin.once('data', async text => {
    await Promise.all([up(), up(), up(), up()])
    const { id } = JSON.parse(String(text).split('\\n')[0])
    const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'threads', version: '4' } }
    process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n')
  })
`

test('a server that starts threads of its own, to write a log or to compute, starts in the sandbox', {
  skip,
}, async () => {
  const words = ['exec', '--', process.execPath, 'server.cjs']
  const { out, err } = await command(words, {
    folder: layOut({ 'server.cjs': threaded }),
    input: ask(1, 'initialize', hello),
  })
  assert.equal(JSON.parse(out).result?.serverInfo?.name, 'threads', `${out}\n${err}`)
})

// Stands for an installation that lost a file: what judges messages cannot be loaded.
const noGuards = `
  import { registerHooks } from 'node:module'
  registerHooks({ resolve(name, context, next) {
    if (name.endsWith('guards/index.ts')) throw new Error('the guards are not there')
    return next(name, context)
  } })
`

test('a server that was begun does not outlive a gateway that could not be', async () => {
  const folder = layOut({ 'no-guards.mjs': noGuards, 'beats/none': '' })
  const all = join(folder, 'beats', 'all')
  const beat = `setInterval(() => require('node:fs').appendFileSync(${JSON.stringify(all)}, '.'), 20)`
  const beating = `process.on('SIGTERM', () => {}); ${beat}`
  const env = { NODE_OPTIONS: `--import=${join(folder, 'no-guards.mjs')}` }
  const words = ['exec', '--sandbox', 'none', '--write', join(folder, 'beats'), '--', process.execPath, '-e', beating]
  const { code, err } = await command(words, { folder, env })
  assert.deepEqual([code, /the guards are not there/u.test(err)], [3, true], err)
  const beats = statSync(all).size
  await setTimeout(500)
  assert.equal(statSync(all).size, beats)
})
