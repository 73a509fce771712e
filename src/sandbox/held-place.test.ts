import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { fstatSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { temporaryFolder } from '../../test/temporary.ts'
import { holdPlace, holdPlaces, placesMax } from './held-place.ts'

const skip = process.platform === 'linux' ? false : 'descriptors of places are a thing of Linux'
const openNow = () => readdirSync('/proc/self/fd').length

test('folders and files are held as what they are, until they are let go', { skip }, () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'a.txt'), 'a')
  const before = openNow()
  const held = holdPlaces([folder, join(folder, 'a.txt')])
  assert.ok(held.ok)
  const [first = -1, second = -1] = held.descriptors
  assert.ok(fstatSync(first).isDirectory() && fstatSync(second).isFile())
  held.close()
  held.close()
  assert.equal(openNow(), before)
})

test('a path that leads through a link by now, at its end or on the way, is not what was judged', { skip }, () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'real', 'inner'), { recursive: true })
  renameSync(join(folder, 'real'), join(folder, 'moved'))
  symlinkSync('moved', join(folder, 'real'))
  assert.equal(holdPlace(join(folder, 'real')), undefined)
  assert.equal(holdPlace(join(folder, 'real', 'inner')), undefined)
  assert.equal(holdPlace(join(folder, 'gone')), undefined)
})

test('a pipe that was put in the place of a file holds up nobody', { skip }, () => {
  const folder = temporaryFolder()
  execFileSync('mkfifo', [join(folder, 'a')])
  assert.equal(holdPlace(join(folder, 'a')), undefined)
})

test('one place that changed lets go of all others and is named', { skip }, () => {
  const folder = temporaryFolder()
  const before = openNow()
  const held = holdPlaces([folder, join(folder, 'gone')])
  assert.ok(!held.ok && held.reason.includes(join(folder, 'gone')))
  assert.equal(openNow(), before)
})

test('what is held stays the same thing when its name is given to another', { skip }, () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'a'))
  const held = holdPlaces([join(folder, 'a')])
  assert.ok(held.ok)
  const before = fstatSync(held.descriptors[0] ?? -1).ino
  rmSync(join(folder, 'a'), { recursive: true })
  mkdirSync(join(folder, 'b'))
  symlinkSync('b', join(folder, 'a'))
  assert.equal(fstatSync(held.descriptors[0] ?? -1).ino, before)
  held.close()
})

test('more places than a start can carry are refused before any is opened', { skip }, () => {
  const held = holdPlaces(Array.from({ length: placesMax + 1 }, () => '/'))
  assert.ok(!held.ok && /staging/u.test(held.reason))
})
