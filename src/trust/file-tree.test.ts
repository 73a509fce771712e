import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { hashFile, readTree } from './file-tree.ts'

function folder(t: { after(done: () => void): void }): string {
  const path = mkdtempSync(join(tmpdir(), 'tree-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return path
}

test('files are listed in one order with their sizes, and bounds are kept', t => {
  const root = folder(t)
  mkdirSync(join(root, 'b/c'), { recursive: true })
  writeFileSync(join(root, 'b/c/d'), 'four')
  writeFileSync(join(root, 'a'), 'x')
  const tree = readTree(root)
  assert.ok(tree.ok)
  assert.deepEqual(
    tree.files.map(({ path, size }) => [path, size]),
    [
      ['a', 1],
      ['b/c/d', 4],
    ],
  )
  const most = { files: 10, bytes: 100, depth: 10 }
  assert.equal(readTree(root, { ...most, files: 1 }).ok, false)
  assert.equal(readTree(root, { ...most, bytes: 4 }).ok, false)
  assert.equal(readTree(root, { ...most, depth: 1 }).ok, false)
})

test('a link is a reason to refuse the tree', t => {
  const root = folder(t)
  symlinkSync('/etc', join(root, 'etc'))
  assert.deepEqual(readTree(root), { ok: false, reason: 'etc is a link or a device, not a file' })
})

test('a change of the same length with its time set back leaves other marks and another hash', async t => {
  const root = folder(t)
  writeFileSync(join(root, 'a'), 'old')
  utimesSync(join(root, 'a'), 1000, 1000)
  const before = readTree(root)
  await new Promise(resolve => setTimeout(resolve, 20))
  writeFileSync(join(root, 'a'), 'new')
  utimesSync(join(root, 'a'), 1000, 1000)
  const after = readTree(root)
  assert.ok(before.ok && after.ok)
  assert.notEqual(before.files[0]!.marks, after.files[0]!.marks)
  assert.match(hashFile(root, after.files[0]!), /^sha256-/u)
})
