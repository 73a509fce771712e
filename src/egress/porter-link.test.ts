import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
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

test('a porter that was stopped is told to go on, and each room hears of it once', { skip }, async t => {
  stayAwake(t)
  const link = new PorterLink({ beatMs: 300, beats: 1000 })
  const room = await link.make()
  const still: string[] = []
  room.onStill(why => still.push(why))
  const lost: string[] = []
  room.onLost(why => lost.push(why))
  process.kill(link.pid ?? 0, 'SIGSTOP')
  for (let i = 0; i < 500 && still.length === 0; i++) await pause(20)
  assert.match(still[0] ?? '', /told to go on/u)
  // It works again: another room can be made by it.
  await link.make()
  assert.deepEqual([still.length, lost], [1, []])
  await link.close()
})

test('a porter that is stopped again and again is ended, with its rooms', { skip }, async t => {
  stayAwake(t)
  const link = new PorterLink({ beatMs: 300, beats: 4 })
  const room = await link.make()
  const lost = new Promise<string>(resolve => room.onLost(resolve))
  const pid = link.pid ?? 0
  const again = setInterval(() => {
    try {
      process.kill(pid, 'SIGSTOP')
    } catch {
      clearInterval(again)
    }
  }, 1)
  t.after(() => clearInterval(again))
  assert.match(await lost, /ended/u)
  assert.ok(await areGone([room.pid]))
  await link.close()
})
