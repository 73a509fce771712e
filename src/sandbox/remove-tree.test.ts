import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut, temporaryFolder } from '../../test/temporary.ts'
import { removeTree } from './remove-tree.ts'

test('folders nested deeper than a path can name are removed', () => {
  const folder = join(temporaryFolder(), 'deep')
  mkdirSync(folder)
  for (const branch of ['a', 'b']) nest(folder, branch)
  removeTree(folder)
  assert.equal(existsSync(folder), false)
})

test('folders that a server closed to their owner are removed, also for one who is not root', () => {
  const folder = layOut({ 'closed/inner/file': 'x', 'closed/other/file': 'y' })
  const isRoot = process.geteuid?.() === 0
  const nobody = 65_534
  // No mode holds root back: it is somebody else who has made the folder, and removes it.
  if (isRoot)
    for (const path of ['closed/inner', 'closed/other', 'closed', '']) chownSync(join(folder, path), nobody, nobody)
  for (const path of ['closed/inner', 'closed/other', 'closed']) chmodSync(join(folder, path), 0)
  const closed = join(folder, 'closed')
  if (isRoot) process.seteuid?.(nobody)
  try {
    assert.throws(() => rmSync(closed, { recursive: true }), { code: 'EACCES' })
    removeTree(closed)
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
  assert.equal(existsSync(closed), false)
})

test('what a link leads to stays, whatever is done to remove what lies beside it', () => {
  const outside = layOut({ 'kept/file': 'kept' })
  chmodSync(join(outside, 'kept'), 0o500)
  const folder = join(temporaryFolder(), 'tree')
  mkdirSync(folder)
  symlinkSync(join(outside, 'kept'), join(folder, 'link'))
  nest(folder, 'deep')
  writeFileSync(join(folder, 'file'), '')
  removeTree(folder)
  assert.equal(existsSync(folder), false)
  assert.equal(readFileSync(join(outside, 'kept/file'), 'utf8'), 'kept')
  assert.equal(spawnSync('stat', ['-c', '%a', join(outside, 'kept')], { encoding: 'utf8' }).stdout.trim(), '500')
  chmodSync(join(outside, 'kept'), 0o700)
})

test('what is not there is no mistake', () => {
  removeTree(join(temporaryFolder(), 'nothing'))
})

/** A shell can go where no path leads. */
function nest(folder: string, branch: string): void {
  const name = branch.padEnd(200, 'd')
  const script = `i=0; while [ $i -lt 25 ]; do mkdir ${name} && cd -P ${name} || exit 1; : > file; i=$((i+1)); done`
  const made = spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' })
  assert.equal(made.status, 0, made.stderr)
}
