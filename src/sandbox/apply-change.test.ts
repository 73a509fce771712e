import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { layOut, temporaryFolder } from '../../test/temporary.ts'
import { applyChange, undoChange } from './apply-change.ts'
import { realPathOf } from './real-path.ts'
import { changeId, reviewStage } from './review.ts'
import { stageFolder, stagesIn } from './staging.ts'

function scene(files: Readonly<Record<string, string>>) {
  const root = layOut(files)
  const from = realPathOf(root)!
  const result = stageFolder({ path: from, from }, temporaryFolder())
  assert.ok(result.ok)
  return { root, stage: result.stage, at: (path: string) => join(result.stage.copy, path) }
}

test('a change is applied file by file, keeps the mode, and the rest stays', () => {
  const { root, stage, at } = scene({ 'a.sh': '#!/bin/sh\n', 'b.txt': 'b', 'c.txt': 'c' })
  writeFileSync(at('a.sh'), '#!/bin/sh\necho\n')
  writeFileSync(at('b.txt'), 'B')
  rmSync(at('c.txt'))
  const { changes } = reviewStage(stage)
  for (const change of changes) if (change.path !== 'b.txt') assert.deepEqual(applyChange(stage, change), { ok: true })
  assert.equal(readFileSync(join(root, 'a.sh'), 'utf8'), '#!/bin/sh\necho\n')
  assert.equal(statSync(join(root, 'a.sh')).mode & 0o777, 0o755)
  assert.equal(readFileSync(join(root, 'b.txt'), 'utf8'), 'b')
  assert.ok(!existsSync(join(root, 'c.txt')))
})

test('a file that is swapped for a link after the review is not read through it', () => {
  const secret = layOut({ 'b.txt': 'private' })
  const { root, stage, at } = scene({ 'a/b.txt': 'b' })
  writeFileSync(at('a/b.txt'), 'reviewed')
  const [change] = reviewStage(stage).changes
  assert.ok(change)
  renameSync(at('a'), at('away'))
  symlinkSync(secret, at('a'))
  assert.equal(applyChange(stage, change).ok, false, 'a folder on the way became a link')
  rmSync(at('a'))
  mkdirSync(at('a'))
  symlinkSync(join(secret, 'b.txt'), at('a/b.txt'))
  assert.equal(applyChange(stage, change).ok, false, 'the file became a link')
  assert.equal(readFileSync(join(root, 'a/b.txt'), 'utf8'), 'b')
})

test('what is applied is what was reviewed', () => {
  const { root, stage, at } = scene({ 'a.txt': 'a' })
  writeFileSync(at('a.txt'), 'reviewed')
  const [change] = reviewStage(stage).changes
  writeFileSync(at('a.txt'), 'swapped later')
  assert.deepEqual(applyChange(stage, change!), { ok: false, why: 'it is not what was reviewed' })
  assert.equal(readFileSync(join(root, 'a.txt'), 'utf8'), 'a')
})

test('a link in the original is replaced, not written through', () => {
  const outside = layOut({ 'target.txt': 'outside' })
  const { root, stage, at } = scene({ 'a.txt': 'a' })
  writeFileSync(at('a.txt'), 'new')
  const [change] = reviewStage(stage).changes
  rmSync(join(root, 'a.txt'))
  symlinkSync(join(outside, 'target.txt'), join(root, 'a.txt'))
  assert.equal(applyChange(stage, change!).ok, false)
  assert.equal(readFileSync(join(outside, 'target.txt'), 'utf8'), 'outside')
})

test('a change cannot name a path outside', () => {
  const { stage } = scene({ 'a.txt': 'a' })
  const change = {
    path: '../x',
    kind: 'added',
    bytes: 0,
    digest: '',
    runs: undefined,
    over: undefined,
    hasConflict: false,
    isProtected: false,
    diff: undefined,
  } as const
  assert.deepEqual(applyChange(stage, change), { ok: false, why: 'leaves the folder' })
})

test('what was applied no longer waits, and what the server does next is no conflict', () => {
  const { stage, at } = scene({ 'a.txt': 'a', 'b.txt': 'b' })
  writeFileSync(at('a.txt'), 'one')
  rmSync(at('b.txt'))
  for (const change of reviewStage(stage).changes) assert.deepEqual(applyChange(stage, change), { ok: true })
  const [again] = stagesIn(dirname(dirname(stage.copy)))
  assert.deepEqual(reviewStage(again!), { changes: [], rejects: [] })
  writeFileSync(at('a.txt'), 'two')
  writeFileSync(at('b.txt'), 'made anew')
  assert.deepEqual(
    reviewStage(again!).changes.map(({ path, kind, hasConflict }) => [path, kind, hasConflict]),
    [
      ['a.txt', 'changed', false],
      ['b.txt', 'added', false],
    ],
  )
})

test('of the mode only whether it can be run is taken over', () => {
  const { root, stage, at } = scene({ 'tool.sh': 'x', 'old.sh': '#!/bin/sh\n' })
  chmodSync(join(root, 'tool.sh'), 0o640)
  chmodSync(at('tool.sh'), 0o777)
  chmodSync(at('old.sh'), 0o666)
  writeFileSync(at('new.sh'), 'y')
  chmodSync(at('new.sh'), 0o4777)
  for (const change of reviewStage(stage).changes) assert.deepEqual(applyChange(stage, change), { ok: true })
  const modes = ['tool.sh', 'old.sh', 'new.sh'].map(name => statSync(join(root, name)).mode & 0o7777)
  assert.deepEqual(modes, [0o750, 0o644, 0o755])
})

test('what was applied can be taken back, file by file, and waits again', proves('P.staging'), () => {
  const { root, stage, at } = scene({
    'a.sh': '#!/bin/sh\n',
    'gone.txt': 'gone',
    file: '→ a.sh',
    binary: '\u0000\u0001',
  })
  const bytes = readFileSync(join(root, 'binary'))
  writeFileSync(at('a.sh'), 'changed')
  writeFileSync(at('new/deep.txt'.replace('new/', '')), 'new')
  writeFileSync(at('binary'), Buffer.from([0, 255, 7]))
  rmSync(at('gone.txt'))
  rmSync(at('file'))
  writeFileSync(at('file'), 'no link')
  const { changes } = reviewStage(stage)
  for (const change of changes) assert.deepEqual(applyChange(stage, change), { ok: true })
  assert.ok(!existsSync(join(root, 'gone.txt')) && existsSync(join(root, 'deep.txt')))
  for (const change of changes)
    assert.deepEqual(undoChange(stage, change.path, changeId(change)), { ok: true }, change.path)
  assert.equal(readFileSync(join(root, 'a.sh'), 'utf8'), '#!/bin/sh\n')
  assert.equal(statSync(join(root, 'a.sh')).mode & 0o777, 0o755)
  assert.deepEqual(readFileSync(join(root, 'binary')), bytes)
  assert.equal(readFileSync(join(root, 'gone.txt'), 'utf8'), 'gone')
  assert.equal(readlinkSync(join(root, 'file')), 'a.sh')
  assert.ok(!existsSync(join(root, 'deep.txt')))
  const [again] = stagesIn(dirname(dirname(stage.copy)))
  assert.deepEqual(
    reviewStage(again!).changes.map(({ path, kind, hasConflict }) => [path, kind, hasConflict]),
    changes.map(({ path, kind }) => [path, kind, false]),
  )
  assert.deepEqual(readdirSync(join(dirname(stage.copy), 'undo')), [])
})

test('nothing is taken back over what a person has written since, nor what was never applied', () => {
  const { root, stage, at } = scene({ 'a.txt': 'a', 'b.txt': 'b' })
  writeFileSync(at('a.txt'), 'one')
  const [change] = reviewStage(stage).changes
  const id = changeId(change!)
  assert.deepEqual(undoChange(stage, 'a.txt', id), { ok: false, why: 'no such change was applied' })
  applyChange(stage, change!)
  writeFileSync(join(root, 'a.txt'), 'a person')
  assert.deepEqual(undoChange(stage, 'a.txt', id), { ok: false, why: 'the original changed since' })
  assert.equal(undoChange(stage, 'b.txt', id).ok, false)
  for (const other of ['../x', '', `${id}x`]) assert.equal(undoChange(stage, 'a.txt', other).ok, false)
  assert.equal(readFileSync(join(root, 'a.txt'), 'utf8'), 'a person')
})

test('a change over a folder that lies there now is refused', () => {
  const { root, stage, at } = scene({ 'a.txt': 'a' })
  writeFileSync(at('x'), 'a file')
  mkdirSync(join(root, 'x'))
  const [change] = reviewStage(stage).changes
  assert.equal(change?.hasConflict, true)
  assert.match(JSON.stringify(applyChange(stage, change!)), /a folder lies there/u)
})
