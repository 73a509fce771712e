import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { after, before } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { temporaryFolder } from '../../test/temporary.ts'
import { addedIn } from './disk-added.ts'

const many = { files: 1000, bytes: 1e12 }

// A count holds no process open while it rests; what runs it does, and here that is nobody else.
let held: NodeJS.Timeout
before(() => {
  held = setInterval(() => {}, 1000)
})
after(() => clearInterval(held))

test('what was there before does not count; what was made or has grown since does', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'old'))
  for (const name of ['a', 'b', 'old/c']) writeFileSync(join(folder, name), 'x'.repeat(9000))
  await pause(50)
  // A second is taken off for clocks that differ.
  const sinceMs = Date.now() + 1000
  await pause(50)
  assert.deepEqual(await addedIn([folder], { sinceMs, ...many }), added(0, 0))
  writeFileSync(join(folder, 'old', 'new'), 'y'.repeat(5000))
  writeFileSync(join(folder, 'a'), 'grown'.repeat(4000))
  const { files, bytes, isWhole } = await addedIn([folder], { sinceMs, ...many })
  assert.equal(files, 1)
  assert.ok(bytes >= 25_000 && bytes < 60_000, `${bytes}`)
  assert.ok(isWhole)
})

test('a file cannot be dated back', async () => {
  const folder = temporaryFolder()
  const sinceMs = Date.now()
  writeFileSync(join(folder, 'a'), 'x')
  utimesSync(join(folder, 'a'), 1000, 1000)
  assert.equal((await addedIn([folder], { sinceMs, ...many })).files, 1)
})

test('links are not followed, and out of a closed or an endless folder comes: not whole', async () => {
  const folder = temporaryFolder()
  const elsewhere = temporaryFolder()
  const sinceMs = Date.now()
  writeFileSync(join(elsewhere, 'a'), 'x')
  symlinkSync(elsewhere, join(folder, 'link'))
  assert.deepEqual((await addedIn([folder], { sinceMs, ...many })).files, 1, 'the link itself')
  if (process.getuid?.() !== 0) {
    mkdirSync(join(folder, 'closed'))
    chmodSync(join(folder, 'closed'), 0)
    assert.equal((await addedIn([folder], { sinceMs, ...many })).isWhole, false)
    chmodSync(join(folder, 'closed'), 0o700)
  }
  assert.equal((await addedIn([folder], { sinceMs, ...many, entriesMax: 0 })).isWhole, false)
})

test('folders beyond what a path can name hide nothing: the count says that it is not whole', async () => {
  const folder = temporaryFolder()
  const home = process.cwd()
  process.chdir(folder)
  try {
    for (let i = 0; i < 22; i++) {
      mkdirSync('d'.repeat(200))
      process.chdir('d'.repeat(200))
    }
  } finally {
    process.chdir(home)
  }
  assert.equal((await addedIn([folder], { sinceMs: 0, ...many })).isWhole, false)
})

test('counting ends where enough was seen, and lets others work meanwhile', async () => {
  const folder = temporaryFolder()
  for (let i = 0; i < 3000; i++) writeFileSync(join(folder, `${i}`), '')
  assert.ok((await addedIn([folder], { sinceMs: 0, files: 50, bytes: 1e12 })).files <= 52)
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  assert.equal((await addedIn([folder], { sinceMs: 0, files: 1e9, bytes: 1e12 })).files, 3000)
  clearInterval(timer)
  assert.ok(turns >= 1, `${turns}`)
  assert.ok(statSync(folder).isDirectory())
})

function added(files: number, bytes: number) {
  return { files, bytes, isWhole: true }
}
