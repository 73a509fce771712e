import assert from 'node:assert/strict'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut, temporaryFolder } from '../../test/temporary.ts'
import { realPathOf } from './real-path.ts'
import { reviewStage } from './review.ts'
import { stageFolder } from './staging.ts'

const onLinux = { skip: process.platform === 'linux' ? false : 'only Linux says where a descriptor leads' }

/** A folder that is staged, and staged again by the next start. */
function scene(files: Readonly<Record<string, string>>) {
  const [root, folder] = [layOut(files), temporaryFolder()]
  const start = () => {
    const from = realPathOf(root)!
    const result = stageFolder({ path: from, from }, folder)
    assert.ok(result.ok)
    return result.stage
  }
  const { copy } = start()
  return {
    root,
    start,
    at: (path: string) => join(copy, path),
    of: (path: string) => readFileSync(join(copy, path), 'utf8'),
  }
}

test('the next start sees what people did meanwhile, and keeps what the server did', onLinux, () => {
  const { root, start, at, of } = scene({ 'a.txt': 'a', 'b.txt': 'b', 'gone/x': 'x', 'd/e.txt': 'e', link: '→ a.txt' })
  writeFileSync(at('b.txt'), 'server')
  writeFileSync(at('own.txt'), 'server')
  writeFileSync(join(root, 'a.txt'), 'person')
  writeFileSync(join(root, 'd/e.txt'), 'person')
  mkdirSync(join(root, 'new/deep'), { recursive: true })
  writeFileSync(join(root, 'new/deep/f.txt'), 'person')
  rmSync(join(root, 'gone'), { recursive: true })
  rmSync(join(root, 'link'))
  symlinkSync('b.txt', join(root, 'link'))
  const stage = start()
  assert.deepEqual([of('a.txt'), of('d/e.txt'), of('new/deep/f.txt')], ['person', 'person', 'person'])
  assert.equal(readlinkSync(at('link')), 'b.txt')
  assert.ok(!existsSync(at('gone')))
  assert.deepEqual([of('b.txt'), of('own.txt')], ['server', 'server'])
  assert.deepEqual(
    reviewStage(stage).changes.map(({ path, kind, hasConflict }) => [path, kind, hasConflict]),
    [
      ['b.txt', 'changed', false],
      ['own.txt', 'added', false],
    ],
  )
})

test('what both changed stays as the server has it, and is a conflict', onLinux, () => {
  const { root, start, at, of } = scene({ 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' })
  for (const name of ['a.txt', 'new.txt']) {
    writeFileSync(at(name), 'server')
    writeFileSync(join(root, name), 'person, longer')
  }
  rmSync(at('b.txt'))
  writeFileSync(join(root, 'b.txt'), 'person, longer')
  writeFileSync(at('c.txt'), 'server')
  rmSync(join(root, 'c.txt'))
  const stage = start()
  assert.deepEqual([of('a.txt'), of('new.txt'), existsSync(at('b.txt'))], ['server', 'server', false])
  assert.deepEqual(
    reviewStage(stage).changes.map(({ path, kind, hasConflict }) => [path, kind, hasConflict]),
    [
      ['a.txt', 'changed', true],
      ['b.txt', 'deleted', true],
      ['c.txt', 'added', true],
      ['new.txt', 'changed', true],
    ],
  )
})

test('a link where a folder was leads no write of ours anywhere', onLinux, () => {
  const { root, start, at } = scene({ 'd/a.txt': 'a', 'd/b.txt': 'b', 'e/f/g.txt': 'g' })
  const outside = layOut({ 'b.txt': 'b' })
  renameSync(at('d'), at('away'))
  symlinkSync(outside, at('d'))
  rmSync(at('e/f'), { recursive: true })
  symlinkSync(outside, at('e/f'))
  writeFileSync(join(root, 'd/a.txt'), 'person')
  writeFileSync(join(root, 'd/new.txt'), 'person')
  writeFileSync(join(root, 'e/f/g.txt'), 'person')
  rmSync(join(root, 'd/b.txt'))
  start()
  assert.deepEqual(readdirSync(outside), ['b.txt'])
  assert.equal(readFileSync(join(outside, 'b.txt'), 'utf8'), 'b')
})

test('a link where a file was is not written through', onLinux, () => {
  const { root, start, at } = scene({ 'a.txt': 'a' })
  const outside = layOut({ key: 'private' })
  rmSync(at('a.txt'))
  symlinkSync(join(outside, 'key'), at('a.txt'))
  symlinkSync(join(outside, 'none'), at('new.txt'))
  writeFileSync(join(root, 'a.txt'), 'person')
  writeFileSync(join(root, 'new.txt'), 'person')
  const stage = start()
  assert.deepEqual([readFileSync(join(outside, 'key'), 'utf8'), readdirSync(outside)], ['private', ['key']])
  assert.deepEqual(
    reviewStage(stage)
      .rejects.map(({ path }) => path)
      .sort(),
    ['a.txt', 'new.txt'],
  )
})
