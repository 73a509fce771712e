import assert from 'node:assert/strict'
import { existsSync, lstatSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut, temporaryFolder } from '../../test/temporary.ts'
import { realPathOf } from './real-path.ts'
import { dropStage, stageFolder, stagesIn } from './staging.ts'

function staged(original: string, folder = temporaryFolder()) {
  const from = realPathOf(original)!
  const result = stageFolder({ path: from, from }, folder)
  assert.ok(result.ok, JSON.stringify(result))
  return { ...result.stage, folder }
}

test('a copy holds the files and links of the original, and none of its sockets', () => {
  const root = layOut({ 'a/b.txt': 'b', 'a/link': '→ b.txt', 'empty/': '' })
  const { copy, base } = staged(root)
  assert.equal(readFileSync(join(copy, 'a/b.txt'), 'utf8'), 'b')
  assert.equal(readlinkSync(join(copy, 'a/link')), 'b.txt')
  assert.ok(lstatSync(join(copy, 'empty')).isDirectory())
  assert.deepEqual([...base.keys()].sort(), ['a', 'a/b.txt', 'a/link', 'empty'])
})

test('a copy that waits for review is not thrown away by the next start', () => {
  const root = layOut({ 'a.txt': 'a' })
  const first = staged(root)
  writeFileSync(join(first.copy, 'a.txt'), 'changed by the server')
  const second = staged(root, first.folder)
  assert.equal(second.copy, first.copy)
  assert.equal(readFileSync(join(second.copy, 'a.txt'), 'utf8'), 'changed by the server')
  assert.equal(stagesIn(first.folder).length, 1)
  dropStage(first)
  assert.equal(stagesIn(first.folder).length, 0)
})

test('a copy that was interrupted is made again', () => {
  const root = layOut({ 'a.txt': 'a' })
  const first = staged(root)
  rmSync(join(first.copy, '..', 'base.json'))
  writeFileSync(join(first.copy, 'half'), 'x')
  const second = staged(root, first.folder)
  assert.ok(!existsSync(join(second.copy, 'half')))
})

test('a folder that is too deep to stage is refused with a way out, and leaves nothing behind', () => {
  const root = layOut({ [`${'d/'.repeat(70)}x`]: '' })
  const folder = temporaryFolder()
  const from = realPathOf(root)!
  const result = stageFolder({ path: from, from }, folder)
  assert.ok(!result.ok && /deeper than/u.test(result.reason) && /smaller folder/u.test(result.wayOut))
  assert.equal(stagesIn(folder).length, 0)
})

test('a list that cannot be read keeps the server from starting, and nothing that waits is lost', () => {
  const root = layOut({ 'a.txt': 'a' })
  const first = staged(root)
  writeFileSync(join(first.copy, 'a.txt'), 'waits')
  for (const text of ['', '{', '[]', '{"original":1,"base":[]}', '{"original":"/","base":[["a","b"]]}']) {
    writeFileSync(join(first.copy, '..', 'base.json'), text)
    const from = realPathOf(root)!
    const again = stageFolder({ path: from, from }, first.folder)
    assert.ok(!again.ok && /cannot be read/u.test(again.reason) && /then remove/u.test(again.wayOut), text)
    assert.deepEqual(stagesIn(first.folder), [])
  }
  assert.equal(readFileSync(join(first.copy, 'a.txt'), 'utf8'), 'waits')
})
