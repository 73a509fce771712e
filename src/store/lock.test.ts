import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import test from 'node:test'
import { temporaryFolder } from '../../test/temporary.ts'
import { holdLock, waitForLock } from './lock.ts'

/** Another process that has the lock and keeps it until it is ended. */
async function holder(path: string) {
  const code = `const { holdLock } = await import(${JSON.stringify(import.meta.resolve('./lock.ts'))})
    globalThis.kept = holdLock(${JSON.stringify(path)})
    console.log(kept !== undefined)
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  assert.equal(String((await once(child.stdout, 'data'))[0]), 'true\n')
  return child
}

test('a lock is held by one, freed by its release, and by the death of its process', async _t => {
  const path = join(temporaryFolder(), 'a.lock')
  const child = await holder(path)
  assert.equal(holdLock(path), undefined)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const lock = holdLock(path)
  assert.notEqual(lock, undefined)
  assert.equal(holdLock(path), undefined)
  lock?.release()
  const again = holdLock(path)
  assert.notEqual(again, undefined)
  again?.release()
})

test('asking for a lock that this process holds itself does not give it away', async _t => {
  const path = join(temporaryFolder(), 'a.lock')
  const lock = holdLock(path)
  assert.equal(holdLock(path), undefined)
  const code = `const { holdLock } = await import(${JSON.stringify(import.meta.resolve('./lock.ts'))})
    console.log(holdLock(${JSON.stringify(path)}) === undefined)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = await once(child.stdout, 'data')
  assert.equal(String(said), 'true\n')
  lock?.release()
})

test('waiting for a lock gets it when its holder ends, and gives up in words when it does not', async _t => {
  const path = join(temporaryFolder(), 'a.lock')
  const child = await holder(path)
  assert.throws(() => waitForLock(path, 20), { code: 'busy' })
  // Nothing is awaited between: the holder dies while the wait goes on.
  child.kill('SIGKILL')
  waitForLock(path, 20_000).release()
})
