import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { lastFew, lastFewBounds } from './last-few.ts'

test('what was made of a value is told until others took its place', () => {
  const few = lastFew<object, number>()
  const keys = Array.from({ length: 9 }, () => ({}))
  for (const [i, key] of keys.entries()) few.set(key, i, 1)
  assert.deepEqual(
    keys.map(key => few.get(key)),
    [undefined, 1, 2, 3, 4, 5, 6, 7, 8],
  )
})

test('the newer of two things made of one value is told, and no other one goes for it', () => {
  const few = lastFew<object, number>()
  const [one, other] = [{}, {}]
  few.set(one, 1, 1)
  for (let i = 0; i < 20; i++) few.set(other, i, 1)
  assert.deepEqual([few.get(one), few.get(other)], [1, 19])
})

test('long ones push each other out before they hold much memory, the newest last', () => {
  const few = lastFew<object, number>()
  const keys = Array.from({ length: 4 }, () => ({}))
  for (const [i, key] of keys.entries()) few.set(key, i, lastFewBounds.units / 2)
  assert.deepEqual(
    keys.map(key => few.get(key)),
    [undefined, undefined, 2, 3],
  )
  few.set(keys[3] ?? {}, 5, lastFewBounds.units)
  assert.deepEqual(
    keys.map(key => few.get(key)),
    [undefined, undefined, undefined, 5],
  )
})

test('a long one is told as long as its key lives, and takes no place', () => {
  const few = lastFew<object, number>()
  const [long, short] = [{}, {}]
  few.set(short, 1, 1)
  for (let i = 0; i < 20; i++) few.set({}, i, lastFewBounds.units + 1)
  few.set(long, 2, lastFewBounds.units + 1)
  assert.deepEqual([few.get(short), few.get(long)], [1, 2])
})

test('views of messages that went do not outlive a minor collection', () => {
  const program = `
    const { readMessage } = await import(${JSON.stringify(new URL('./reading.ts', import.meta.url).href)})
    const read = count => {
      for (let i = 0; i < count; i++) readMessage({ root: '', payload: { text: i + ' some words of a text'.repeat(50) } })
    }
    const used = () => process.memoryUsage().heapUsed
    read(50); gc()
    const before = used()
    read(400); gc({ type: 'minor' }); gc({ type: 'minor' })
    console.log((used() - before) / 400)
  `
  const { stdout } = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', program])
  const bytesLeft = Number.parseFloat(String(stdout))
  assert.ok(bytesLeft < 1000, `${bytesLeft} bytes of each message are left`)
})
