import assert from 'node:assert/strict'
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { temporaryFolder } from '../../test/temporary.ts'
import { makeFolder } from './make-folder.ts'

test('a folder is made with those above it, for its user alone, and one that is there is left as it is', () => {
  const root = temporaryFolder()
  const folder = join(root, 'a/b/c')
  makeFolder(folder)
  makeFolder(folder)
  for (const path of ['a', 'a/b', 'a/b/c']) assert.equal(statSync(join(root, path)).mode & 0o777, 0o700, path)
  mkdirSync(join(root, 'mine'), { mode: 0o755 })
  makeFolder(join(root, 'mine'))
  assert.equal(statSync(join(root, 'mine')).mode & 0o777, 0o755)
})

test('where the kernel refuses a folder as if the one above were missing, it ends', {
  skip: !existsSync('/proc/self'),
}, () => {
  assert.throws(() => makeFolder('/proc/sallyport/state'), { code: 'ENOENT' })
  assert.throws(() => makeFolder('/proc/1/sallyport'), { code: /^E/u })
})

test('a file in the way is named as one', () => {
  const root = temporaryFolder()
  writeFileSync(join(root, 'file'), '')
  assert.throws(() => makeFolder(join(root, 'file')), { code: 'ENOTDIR' })
  assert.throws(() => makeFolder(join(root, 'file/inside')), { code: 'ENOTDIR' })
})
