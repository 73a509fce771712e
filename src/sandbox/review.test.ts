import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut, temporaryFolder } from '../../test/temporary.ts'
import { realPathOf } from './real-path.ts'
import { applyChange, reviewStage } from './review.ts'
import { stageFolder } from './staging.ts'

function scene(files: Readonly<Record<string, string>>) {
  const root = layOut(files)
  const from = realPathOf(root)!
  const result = stageFolder({ path: from, from }, temporaryFolder())
  assert.ok(result.ok)
  return { root, stage: result.stage, at: (path: string) => join(result.stage.copy, path) }
}

test('additions, changes and deletions are shown with the lines that differ', () => {
  const { stage, at } = scene({ 'a.txt': 'one\ntwo\nthree\n', 'gone.txt': 'x', 'same.txt': 's' })
  writeFileSync(at('a.txt'), 'one\n2\nthree\n')
  writeFileSync(at('new.txt'), 'new')
  rmSync(at('gone.txt'))
  const { changes, rejects } = reviewStage(stage)
  assert.deepEqual(
    changes.map(({ path, kind }) => `${kind} ${path}`),
    ['changed a.txt', 'deleted gone.txt', 'added new.txt'],
  )
  assert.equal(changes[0]?.diff, '@@ line 2\n  one\n- two\n+ 2\n  three\n  ')
  assert.deepEqual(rejects, [])
  assert.ok(changes.every(change => !change.hasConflict && !change.isProtected))
})

test('nothing that was not changed is shown', () => {
  const { stage } = scene({ 'a.txt': 'a', link: '→ a.txt', 'b/c': 'c' })
  assert.deepEqual(reviewStage(stage), { changes: [], rejects: [] })
})

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

test('links that the server planted are rejected and never followed', () => {
  const secret = layOut({ id_rsa: 'private' })
  const { stage, at } = scene({ 'a/b.txt': 'b' })
  symlinkSync(join(secret, 'id_rsa'), at('key'))
  symlinkSync(secret, at('folder'))
  const { changes, rejects } = reviewStage(stage)
  assert.deepEqual(changes, [])
  assert.deepEqual(rejects.map(({ path, why }) => `${path} ${why}`).sort(), ['folder is a link', 'key is a link'])
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

test('a change to a file that a person changed meanwhile is a conflict', () => {
  const { root, stage, at } = scene({ 'a.txt': 'a' })
  writeFileSync(at('a.txt'), "server's")
  writeFileSync(join(root, 'a.txt'), "person's, longer")
  const [change] = reviewStage(stage).changes
  assert.equal(change?.hasConflict, true)
})

test('what other programs run is marked, so that it is never applied with the rest', () => {
  const { stage, at } = scene({ '.git/hooks/x': '' })
  writeFileSync(at('.git/hooks/pre-commit'), 'evil')
  writeFileSync(at('.mcp.json'), '{}')
  const { changes } = reviewStage(stage)
  assert.deepEqual(
    changes.map(change => change.isProtected),
    [true, true],
  )
})

test('a change cannot name a path outside', () => {
  const { stage } = scene({ 'a.txt': 'a' })
  const change = {
    path: '../x',
    kind: 'added',
    bytes: 0,
    digest: '',
    hasConflict: false,
    isProtected: false,
    diff: undefined,
  } as const
  assert.deepEqual(applyChange(stage, change), { ok: false, why: 'leaves the folder' })
})

test('bytes that are no text are shown as a size only', () => {
  const { stage, at } = scene({ 'a.bin': 'a' })
  writeFileSync(at('a.bin'), Buffer.from([0, 1, 2]))
  assert.equal(reviewStage(stage).changes[0]?.diff, undefined)
})
