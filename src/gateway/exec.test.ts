import assert from 'node:assert/strict'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
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
