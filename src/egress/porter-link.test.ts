import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { areGone } from '../../test/fixtures/alive.ts'
import { PorterLink } from './porter-link.ts'

// A link alone keeps no process alive.
function stayAwake(t: TestContext): void {
  const timer = setInterval(() => undefined, 1000)
  t.after(() => clearInterval(timer))
}

const skip = process.platform !== 'linux'

test('a lost porter is told to every room, and the next room comes from a new one', { skip }, async t => {
  stayAwake(t)
  const link = new PorterLink()
  const room = await link.make()
  const lost = new Promise<string>(resolve => room.onLost(resolve))
  const first = link.pid ?? 0
  process.kill(first, 'SIGKILL')
  assert.match(await lost, /ended/u)
  assert.ok(await areGone([room.pid]))
  const next = await link.make()
  assert.notEqual(link.pid, first)
  await link.close()
  assert.ok(await areGone([next.pid]))
  await assert.rejects(link.make(), { code: 'closed' })
})

test('a room whose namespace went away is told', { skip }, async t => {
  stayAwake(t)
  const link = new PorterLink()
  const room = await link.make()
  const lost = new Promise<string>(resolve => room.onLost(resolve))
  process.kill(room.pid, 'SIGKILL')
  assert.match(await lost, /gone/u)
  await link.close()
})

test('closing while a room is being made leaves nothing behind', { skip }, async t => {
  stayAwake(t)
  const link = new PorterLink()
  const making = link.make()
  const pid = link.pid ?? 0
  await Promise.all([assert.rejects(making), link.close()])
  assert.ok(await areGone([pid]))
})
