import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { temporaryFolder } from '../../test/temporary.ts'
import { insideFolder } from './inside-folder.ts'
import { realPathOf } from './real-path.ts'

const skip = process.platform === 'linux' ? false : 'descriptors lead somewhere on Linux only'

test('folders on the way are made, and the file lies where its path says', () => {
  const root = realPathOf(temporaryFolder()) ?? ''
  assert.ok(insideFolder(root, 'a/b/c.txt', place => writeFileSync(place, 'c')))
  assert.equal(readFileSync(join(root, 'a/b/c.txt'), 'utf8'), 'c')
  assert.ok(insideFolder(root, 'd.txt', place => writeFileSync(place, 'd')))
  assert.ok(existsSync(join(root, 'd.txt')))
})

test('a link or a file on the way leads nowhere, and a root that is a link is none', { skip }, () => {
  const [root, outside] = [realPathOf(temporaryFolder()) ?? '', temporaryFolder()]
  symlinkSync(outside, join(root, 'link'))
  symlinkSync(root, join(outside, 'root'))
  writeFileSync(join(root, 'file'), '')
  const write = (place: string) => writeFileSync(place, 'planted')
  assert.equal(insideFolder(root, 'link/x', write), false)
  assert.equal(insideFolder(root, 'link/sub/x', write), false)
  assert.equal(insideFolder(root, 'file/x', write), false)
  assert.equal(insideFolder(join(outside, 'root'), 'x', write), false)
  assert.equal(insideFolder(join(outside, 'root', 'file'), 'x', write), false)
  assert.ok(!existsSync(join(outside, 'x')) && !existsSync(join(outside, 'sub')))
})

test('a folder that is swapped while it is used stays the one that was opened', { skip }, () => {
  const [root, outside] = [realPathOf(temporaryFolder()) ?? '', temporaryFolder()]
  mkdirSync(join(root, 'a'))
  insideFolder(root, 'a/x', place => {
    renameSync(join(root, 'a'), join(root, 'b'))
    symlinkSync(outside, join(root, 'a'))
    writeFileSync(place, 'x')
  })
  assert.ok(existsSync(join(root, 'b', 'x')) && !existsSync(join(outside, 'x')))
})

test('a disk that fails is no refusal', { skip }, () => {
  const root = realPathOf(temporaryFolder()) ?? ''
  const fail = () => {
    throw Object.assign(new Error('full'), { code: 'ENOSPC' })
  }
  assert.throws(() => insideFolder(root, 'x', fail), /full/u)
})
