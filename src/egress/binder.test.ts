import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import test from 'node:test'

test('a binder that nobody takes sockets from says so and ends', async () => {
  const script = new URL('./binder.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'pipe'], env: {}, timeout: 10_000 })
  let said = ''
  child.stderr.on('data', bytes => {
    said += bytes
  })
  const [code, signal] = await once(child, 'close')
  assert.deepEqual([code, signal], [1, null])
  assert.match(said, /nobody is there|EADDRINUSE/u)
})
