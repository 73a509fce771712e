import assert from 'node:assert/strict'
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from '../../test/temporary.ts'
import { watchFolders } from './folders.ts'

function watching(t: TestContext, file: string) {
  let count = 0
  const folders = watchFolders([file], () => {
    count++
    folders.follow()
  })
  t.after(() => folders.close())
  /** What was counted by doing something. */
  return async (act: () => void): Promise<number> => {
    await sleep(60)
    count = 0
    act()
    for (let i = 0; i < 20 && count === 0; i++) await sleep(20)
    return count
  }
}

test('a folder that is not there is followed from the nearest one above it, step by step', async t => {
  const file = join(temporaryFolder(), 'a/b/file')
  const counted = watching(t, file)
  assert.ok((await counted(() => mkdirSync(dirname(dirname(file))))) > 0)
  assert.ok((await counted(() => mkdirSync(dirname(file)))) > 0)
  assert.ok((await counted(() => writeFileSync(file, '1'))) > 0)
})

test('what else changes above a folder that is not there is nobody’s business', async t => {
  const top = temporaryFolder()
  const counted = watching(t, join(top, 'a/file'))
  assert.equal(await counted(() => writeFileSync(join(top, 'other'), '1')), 0)
})

test('a folder that was made anew is followed again', async t => {
  const file = join(temporaryFolder(), 'a/file')
  mkdirSync(dirname(file))
  const counted = watching(t, file)
  assert.ok((await counted(() => renameSync(dirname(file), `${dirname(file)}.old`))) > 0)
  assert.ok((await counted(() => mkdirSync(dirname(file)))) > 0)
  assert.ok((await counted(() => writeFileSync(file, '1'))) > 0)
})

test('a file that is a link is followed where it really lies', async t => {
  const [here, there] = [temporaryFolder(), temporaryFolder()]
  writeFileSync(join(there, 'real'), '1')
  symlinkSync(join(there, 'real'), join(here, 'file'))
  const counted = watching(t, join(here, 'file'))
  assert.ok((await counted(() => writeFileSync(join(there, 'real'), '2'))) > 0)
})

test('nothing is told after closing', async () => {
  const top = temporaryFolder()
  let count = 0
  const folders = watchFolders([join(top, 'file')], () => count++)
  folders.close()
  writeFileSync(join(top, 'file'), '1')
  rmSync(join(top, 'file'))
  await sleep(100)
  assert.equal(count, 0)
})
