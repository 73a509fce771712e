import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { runBounded } from './bounded-run.ts'

function run(t: { after(done: () => void): void }, script: string, timeoutMs = 10_000) {
  const folder = mkdtempSync(join(tmpdir(), 'bounded-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const limits = { files: 100, bytes: 100_000, depth: 5 }
  return runBounded({ program: '/bin/sh', args: ['-c', script], folder, env: {}, timeoutMs, limits })
}

test('what a program says and what it answers is kept apart, up to a bound', async t => {
  const end = await run(t, 'echo why >&2; echo it; exit 3')
  assert.deepEqual(end, { kind: 'ended', code: 3, said: 'why\n', answer: 'it\n' })
  const flood = await run(t, '/usr/bin/head -c 300000 /dev/zero')
  assert.ok(flood.kind === 'ended' && flood.answer.length === 65_536)
})

test('a program that takes too long is ended with its children', async t => {
  const end = await run(t, '/bin/sleep 30 & wait', 300)
  assert.deepEqual(end, { kind: 'stopped', why: 'the registry did not answer in time' })
})

test('a program that fills the disk is stopped, and one that filled it and ended well is no success', async t => {
  const end = await run(t, 'head -c 200000 /dev/zero > x; sleep 20')
  assert.ok(end.kind === 'stopped' && /more than 100000 bytes/u.test(end.why))
  assert.equal((await run(t, '/usr/bin/head -c 200000 /dev/zero > x')).kind, 'stopped')
})

test('a program that is not there is said to be so', async () => {
  const end = await runBounded({ program: '/no/such', args: [], folder: tmpdir(), env: {}, timeoutMs: 1000 })
  assert.equal(end.kind, 'not started')
})
