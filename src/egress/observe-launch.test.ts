import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import test from 'node:test'
import { temporaryFolder } from '../../test/temporary.ts'
import type { Launch } from '../core/launch.ts'
import { observeLaunch } from './observe-launch.ts'

const skip = existsSync('/usr/bin/strace') ? false : 'strace is not here'

test('a real program is observed: what it opened, dialled, started and was refused', { skip }, async t => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'notes.txt'), 'hello')
  const door = createServer(socket => socket.end()).listen(0, '127.0.0.1')
  t.after(() => door.close())
  await new Promise(resolve => door.once('listening', resolve))
  const address = door.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const code = `
    const fs = require('node:fs'), net = require('node:net'), cp = require('node:child_process')
    fs.readFileSync('notes.txt')
    fs.writeFileSync('out.txt', require('node:fs').readFileSync(3))
    try { fs.readFileSync('/nonexistent/secret') } catch {}
    cp.execFileSync('/usr/bin/true')
    net.connect(${port}, '127.0.0.1').on('close', () => process.exit()).resume()`
  const launch: Launch = {
    ...{ command: process.execPath, args: ['-e', code], env: { PATH: '/usr/bin:/bin' }, cwd: folder },
    ...{ inputs: [Buffer.from('through')], tier: 'none' },
  }
  const { seen, result } = await observeLaunch(launch, async traced => {
    const child = spawn(traced.command, traced.args, {
      cwd: traced.cwd,
      env: { ...traced.env },
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      timeout: 20_000,
    })
    const input = child.stdio[3]
    if (input !== null && input !== undefined && 'end' in input) input.end(traced.inputs[0])
    return new Promise(resolve => child.once('exit', resolve))
  })
  assert.equal(result, 0)
  assert.ok(seen.reads.has(join(folder, 'notes.txt')))
  assert.ok(seen.writes.has(join(folder, 'out.txt')))
  assert.ok(seen.hosts.has(`127.0.0.1:${port}`))
  assert.deepEqual([...seen.children.keys()], ['/usr/bin/true'])
  assert.deepEqual(seen.refused.get('/nonexistent/secret')?.want, 'read')
})
