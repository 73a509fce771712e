import assert from 'node:assert/strict'
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import { stampOf } from './stamp.ts'

test('a stamp changes with the file and tells kinds apart', () => {
  const root = layOut({ 'a.txt': 'a', link: '→ a.txt', 'd/': '' })
  const before = stampOf(join(root, 'a.txt'))
  writeFileSync(join(root, 'a.txt'), 'ab')
  assert.notEqual(stampOf(join(root, 'a.txt')), before)
  assert.match(stampOf(join(root, 'link')) ?? '', /^link/u)
  assert.equal(stampOf(join(root, 'd')), 'folder')
  assert.equal(stampOf(join(root, 'none')), undefined)
  assert.equal(stampOf(join(root, 'a.txt/below')), undefined)
  assert.equal(stampOf(join(root, 'x'.repeat(300))), undefined)
  const as = stampOf(join(root, 'a.txt'))
  chmodSync(join(root, 'a.txt'), 0o755)
  assert.notEqual(stampOf(join(root, 'a.txt')), as)
})
