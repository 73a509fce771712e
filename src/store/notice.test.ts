import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { editionMs, openNotice, postNotice } from './notice.ts'

test('nothing is new until somebody posts, and what was posted is new once', t => {
  const { path, notice } = opened(t)
  const first = notice.edition()
  assert.equal(notice.edition(), first)
  postNotice(path)
  const second = notice.edition()
  assert.notEqual(second, first)
  assert.equal(notice.edition(), second)
})

test('what another process posts is new at the next look', t => {
  const { path, notice } = opened(t)
  const first = notice.edition()
  const program = `import(${JSON.stringify(import.meta.resolve('./notice.ts'))}).then(m => m.postNotice(${JSON.stringify(path)}))`
  execFileSync(process.execPath, ['--no-warnings', '-e', program], { timeout: 20_000 })
  assert.notEqual(notice.edition(), first)
})

test("a reader's own post over another's does not hide it", t => {
  const { path, notice } = opened(t)
  const first = notice.edition()
  postNotice(path)
  postNotice(path)
  assert.notEqual(notice.edition(), first)
})

test('after a moment there is a new edition by itself, once', t => {
  const clock = { ms: 0 }
  const { notice } = opened(t, clock)
  const first = notice.edition()
  clock.ms += editionMs - 1
  assert.equal(notice.edition(), first)
  clock.ms += 1
  const second = notice.edition()
  assert.notEqual(second, first)
  assert.equal(notice.edition(), second)
})

test('a clock that goes backwards makes a new edition', t => {
  const clock = { ms: 1000 }
  const { notice } = opened(t, clock)
  const first = notice.edition()
  clock.ms = 0
  assert.notEqual(notice.edition(), first)
})

test('a notice that was removed or replaced is found again after a moment', t => {
  const clock = { ms: 0 }
  const { path, notice } = opened(t, clock)
  notice.edition()
  rmSync(path)
  postNotice(path)
  clock.ms += editionMs
  const found = notice.edition()
  postNotice(path)
  const second = notice.edition()
  assert.notEqual(second, found)
  writeFileSync(`${path}.other`, 'xxxxxxxx')
  renameSync(`${path}.other`, path)
  clock.ms += editionMs
  const replaced = notice.edition()
  postNotice(path)
  assert.notEqual(notice.edition(), replaced)
})

test('where no notice can be read every look is a new edition', t => {
  const { folder } = opened(t)
  const notice = openNotice(join(folder, 'nowhere', 'notice'))
  t.after(() => notice.close())
  const first = notice.edition()
  assert.notEqual(notice.edition(), first)
})

test('a planted link is neither read nor written, and the file is for this user only', t => {
  const { folder, path } = opened(t)
  const link = join(folder, 'link')
  const target = join(folder, 'target')
  writeFileSync(target, 'untouched')
  symlinkSync(target, link)
  postNotice(link)
  assert.equal(statSync(target).size, 'untouched'.length)
  postNotice(path)
  assert.equal(statSync(path).mode & 0o777, 0o600)
})

function opened(t: TestContext, clock: { ms: number } = { ms: 0 }) {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-notice-'))
  const path = join(folder, 'notice')
  const notice = openNotice(path, () => clock.ms)
  t.after(() => {
    notice.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { folder, path, notice }
}
