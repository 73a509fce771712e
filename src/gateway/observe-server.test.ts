import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import type { ServerName } from '../core/brand.ts'
import { probeMachine } from '../sandbox/probe.ts'
import { learnServer, observeServer } from './observe-server.ts'
import { tryServer } from './try-server.ts'

const skip = existsSync('/usr/bin/strace') && existsSync('/usr/bin/bwrap') ? false : 'strace or bubblewrap is not here'

const egress = { open: () => Promise.reject(new Error('there is no network in this test')) }
const observing = {
  prepare: { path: '/usr/bin:/bin', node: process.execPath },
  egress,
  exercise: async (launch: Parameters<typeof tryServer>[0]) => void (await tryServer(launch, [])),
}

test('what is refused and exists here is a wish; what exists nowhere is none; nothing is written', {
  skip,
}, async () => {
  const cwd = layOut({ 'notes.txt': 'x', 'out/': '' })
  const code = `for (const [act, path] of [['readFileSync', './notes.txt'], ['readFileSync', './nowhere.txt'], ['writeFileSync', './out/new.txt']]) try { require('fs')[act](path, 'utf8') } catch {}`
  const start = { name: 'a' as ServerName, command: [process.execPath, '-e', code], cwd, env: {} }
  const watched = await observeServer(
    { ...start, permissions: { files: { read: [], write: [] } } },
    { ...observing, machine: await probeMachine({ asksEngine: false }) },
  )
  assert.ok(watched.ok, JSON.stringify(watched))
  assert.ok(watched.wished.reads.has(join(cwd, 'notes.txt')))
  assert.ok(!watched.wished.reads.has(join(cwd, 'nowhere.txt')))
  assert.ok(watched.wished.writes.has(join(cwd, 'out/new.txt')))
  assert.equal(existsSync(join(cwd, 'out/new.txt')), false)
})

test('where no network can be made, learning says so instead of learning without it', { skip }, async () => {
  const lesson = {
    ...{ name: 'a' as ServerName, command: [process.execPath, '-e', '0'], cwd: '/', env: {} },
    ...{ from: { read: [], write: [] }, hosts: [], roundsMax: 2 },
  }
  const learned = await learnServer(lesson, { ...observing, machine: await probeMachine({ asksEngine: false }) })
  assert.ok(!learned.ok && /there is no network in this test/u.test(learned.reason))
})
