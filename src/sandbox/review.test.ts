import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut, temporaryFolder } from '../../test/temporary.ts'
import { realPathOf } from './real-path.ts'
import { changeId, reviewStage } from './review.ts'
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

test('links that the server planted are rejected and never followed', () => {
  const secret = layOut({ id_rsa: 'private' })
  const { stage, at } = scene({ 'a/b.txt': 'b' })
  symlinkSync(join(secret, 'id_rsa'), at('key'))
  symlinkSync(secret, at('folder'))
  const { changes, rejects } = reviewStage(stage)
  assert.deepEqual(changes, [])
  assert.deepEqual(rejects.map(({ path, why }) => `${path} ${why}`).sort(), ['folder is a link', 'key is a link'])
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

test('bytes that are no text are shown as a size only', () => {
  const { stage, at } = scene({ 'a.bin': 'a' })
  writeFileSync(at('a.bin'), Buffer.from([0, 1, 2]))
  assert.equal(reviewStage(stage).changes[0]?.diff, undefined)
})

test('what a person changes in the original meanwhile is not the server’s change', () => {
  const { root, stage } = scene({ 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'c' })
  writeFileSync(join(root, 'a.txt'), 'edited by a person')
  rmSync(join(root, 'b.txt'))
  chmodSync(join(root, 'c.txt'), 0o755)
  assert.deepEqual(reviewStage(stage), { changes: [], rejects: [] })
})

test('a file that can be run now, or no longer, is a change of its own', () => {
  const { stage, at } = scene({ 'tool.sh': 'x', 'old.sh': '#!/bin/sh\n', 'same.txt': '' })
  chmodSync(at('tool.sh'), 0o755)
  chmodSync(at('old.sh'), 0o644)
  chmodSync(at('same.txt'), 0o600)
  writeFileSync(at('new.sh'), 'y', { mode: 0o755 })
  const { changes } = reviewStage(stage)
  assert.deepEqual(
    changes.map(({ path, kind, runs, diff }) => [path, kind, runs, diff === undefined]),
    [
      ['new.sh', 'added', true, false],
      ['old.sh', 'changed', false, true],
      ['tool.sh', 'changed', true, true],
    ],
  )
})

test('links that are taken away or become files, and files that become folders, are shown as what they are', () => {
  const { stage, at } = scene({ 'a.txt': 'a', gone: '→ a.txt', file: '→ a.txt', 'deep/x': 'x' })
  rmSync(at('gone'))
  rmSync(at('file'))
  writeFileSync(at('file'), 'a file now')
  rmSync(at('a.txt'))
  mkdirSync(at('a.txt'))
  writeFileSync(at('a.txt/inside'), 'i')
  rmSync(at('deep'), { recursive: true })
  const { changes, rejects } = reviewStage(stage)
  assert.deepEqual(rejects, [])
  assert.deepEqual(
    changes.map(({ path, kind }) => `${kind} ${path}`),
    ['deleted a.txt', 'added a.txt/inside', 'deleted deep/x', 'changed file', 'deleted gone'],
  )
})

test('the id of a change tells what is taken over and what it goes over', () => {
  const { root, stage, at } = scene({ 'a.txt': 'a' })
  const ids = new Set<string>()
  const note = () => ids.add(changeId(reviewStage(stage).changes[0]!))
  writeFileSync(at('a.txt'), 'one')
  note()
  note()
  assert.equal(ids.size, 1)
  writeFileSync(at('a.txt'), 'two')
  note()
  chmodSync(at('a.txt'), 0o755)
  note()
  writeFileSync(join(root, 'a.txt'), 'a person')
  note()
  rmSync(at('a.txt'))
  note()
  assert.equal(ids.size, 5)
  assert.ok(existsSync(join(root, 'a.txt')))
  symlinkSync('/etc/passwd', at('a.txt'))
  assert.equal(reviewStage(stage).rejects[0]?.why, 'is a link')
})
