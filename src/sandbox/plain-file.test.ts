import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { digestOf, fileBytesMax, readPlain } from './plain-file.ts'

test('a regular file is read with its rights, and named by what it holds', () => {
  const root = layOut({ 'run.sh': 'echo', 'note.txt': 'echo' })
  chmodSync(join(root, 'run.sh'), 0o750)
  const [program, note] = [readPlain(join(root, 'run.sh')), readPlain(join(root, 'note.txt'))]
  assert.deepEqual([program?.runs, program?.mode, note?.runs], [true, 0o750, false])
  assert.equal(digestOf(program?.bytes ?? Buffer.of()), digestOf(Buffer.from('echo')))
})

test('links, names through links, pipes, folders, what is too large and what is not there are none', () => {
  const root = layOut({ 'real/a.txt': 'a', link: '→ real/a.txt', folder: '→ real', large: '' })
  truncateSync(join(root, 'large'), fileBytesMax + 1)
  execFileSync('mkfifo', [join(root, 'pipe')])
  for (const name of ['link', 'pipe', 'real', 'large', 'none'])
    assert.equal(readPlain(join(root, name)), undefined, name)
  const isLinux = process.platform === 'linux'
  assert.equal(readPlain(join(root, 'folder/a.txt')) === undefined, isLinux)
  assert.equal(readPlain(join(root, 'real/a.txt'))?.bytes.toString(), 'a')
})
