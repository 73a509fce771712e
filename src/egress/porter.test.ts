import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import test from 'node:test'
import { areGone, isAlive } from '../../test/fixtures/alive.ts'

const script = new URL('./porter.ts', import.meta.url).pathname

test('when the gateway goes away the porter ends, and its rooms with it', {
  skip: process.platform !== 'linux',
}, async () => {
  const porter = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: {} })
  porter.send({ do: 'make', room: 1 })
  const [made] = await once(porter, 'message')
  assert.equal(made.is, 'made')
  assert.equal(isAlive(made.pid), true)
  porter.kill('SIGTERM')
  porter.disconnect()
  await once(porter, 'exit')
  assert.ok(await areGone([made.pid]))
})

test('an order that makes no sense is not followed', { skip: process.platform !== 'linux' }, async () => {
  const porter = spawn(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: {} })
  for (const order of [
    { do: 'pass', ask: 1 },
    { do: 'dance' },
    'make',
    { do: 'make', room: -1 },
    { do: 'drop', room: 9 },
  ])
    porter.send(order)
  porter.send({ do: 'make', room: 1 })
  const [made] = await once(porter, 'message')
  assert.equal(made.room, 1)
  porter.disconnect()
  await once(porter, 'exit')
})
