import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { temporaryFolder } from '../../test/temporary.ts'
import { mountedElsewhere, mountPointsOf } from './mount-point.ts'

const hasRoom = spawnSync('bwrap', ['--ro-bind', '/', '/', '--', '/usr/bin/true']).status === 0
const skip = hasRoom ? false : 'no bubblewrap sandbox on this machine'

test('a place is known under its own name, and who has mounted something there is found', { skip }, async () => {
  const folder = temporaryFolder()
  const place = join(folder, 'a name \\ with\ttwo\nlines')
  mkdirSync(place)
  const other = spawn('bwrap', ['--bind', '/', '/', '--bind', place, place, '--', '/usr/bin/sh', '-c', 'echo; cat'])
  await once(other.stdout, 'data')
  assert.deepEqual([...mountedElsewhere([folder, place])], [place])
  other.stdin.end()
  await once(other, 'exit')
  assert.equal(mountedElsewhere([place]).size, 0)
})

test('a process that is gone has no places', () => {
  assert.equal(mountPointsOf(2 ** 22 + 1), undefined)
})
