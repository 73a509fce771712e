import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { command } from '../../test/fixtures/command.ts'
import { layOut } from '../../test/temporary.ts'

const server = fileURLToPath(new URL('./doctor-server.ts', import.meta.url))
const folder = layOut({})
writeFileSync(
  join(folder, 'sallyport.yaml'),
  JSON.stringify({
    version: 1,
    gateway: { sandboxAtLeast: 'none' },
    servers: { doctor: { command: [process.execPath, server], why: 'a test', permissions: {} } },
    policy: [{ name: 'no-deleting', match: { tool: 'delete_*' }, ...{ then: 'block' }, reason: 'not here' }],
  }),
)
const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'a test', version: '1' } }
const call = (id: number, name: string) => ({ id, method: 'tools/call', params: { name, arguments: {} } })
const input = [
  { id: 1, method: 'initialize', params: hello },
  { method: 'notifications/initialized' },
  call(2, 'delete_everything'),
]
  .map(line => `${JSON.stringify({ jsonrpc: '2.0', ...line })}\n`)
  .join('')

test('a client is served on stdin and stdout, refusals can be explained by their id, and its end is 0', async () => {
  const { code, out, err } = await command(['stdio', '--config', 'sallyport.yaml'], { folder, input })
  assert.equal(code, 0, err)
  const answers = out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  const refused = answers.find(({ id }) => id === 2)
  assert.equal(refused?.result.isError, true, out)
  const id = /explain ([0-9a-z-]+)/u.exec(refused.result.content[0].text)?.[1] ?? ''
  const told = await command(['policy', 'explain', id], { folder })
  assert.equal(told.code, 0, told.err)
  assert.match(told.out, /^block, did not pass · doctor delete_everything[\s\S]*policy:no-deleting/u)
})

test('without a configuration it ends with 2 before it speaks', async () => {
  const { code, out } = await command(['stdio'], { folder: layOut({}), input })
  assert.deepEqual([code, out], [2, ''])
})
