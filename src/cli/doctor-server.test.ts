import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { fileURLToPath } from 'node:url'

test('the doctor’s server counts what reached it, and says nothing to notifications', () => {
  const lines = [
    { id: 1, method: 'initialize' },
    { method: 'notifications/initialized' },
    { id: 2, method: 'tools/list' },
    { id: 3, method: 'tools/call', params: { name: 'read_count' } },
    { id: 4, method: 'no/such' },
  ]
  const input = lines.map(line => `${JSON.stringify({ jsonrpc: '2.0', ...line })}\n`).join('')
  const program = fileURLToPath(new URL('./doctor-server.ts', import.meta.url))
  const { status, stdout } = spawnSync(process.execPath, [program], { input, encoding: 'utf8', timeout: 10_000 })
  assert.equal(status, 0)
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  assert.deepEqual(
    answers.map(({ id }) => id),
    [1, 2, 3, 4],
  )
  assert.equal(answers[2].result.content[0].text, '["read_count"]')
  assert.equal(answers[3].error.code, -32601)
})
