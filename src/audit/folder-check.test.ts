import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { layOut, temporaryFolder } from '../../test/temporary.ts'
import { checkAuditFolder } from './folder-check.ts'

const little = { freeBytesMin: 1, freeFilesMin: 1 }

test('a folder that takes a record is fine, says how much is free, and is left as it was', () => {
  const folder = join(temporaryFolder(), 'audit')
  const { isFine, detail } = checkAuditFolder(folder, little)
  assert.equal(isFine, true, detail)
  assert.match(detail, /\d+ MiB free/u)
  assert.deepEqual(readdirSync(folder), [])
})

test('a file or a link in the place of the folder, and a folder that others may write, are trouble with a way out', () => {
  const root = layOut({ audit: 'a file', 'real/': '', link: '→ real', 'open/': '' })
  chmodSync(join(root, 'open'), 0o777)
  for (const [name, said] of [
    ['audit', /a file is in the way \(ENOTDIR\); name a folder, or make way for one/u],
    ['audit/below', /creating the audit folder .* \(ENOTDIR\)/u],
    ['link', /not a plain folder/u],
    ['open', /chmod 700/u],
  ] as const) {
    const { isFine, detail } = checkAuditFolder(join(root, name), little)
    assert.equal(isFine, false, name)
    assert.match(detail, said)
  }
})

test('a disk with little room left is nearly full', () => {
  const folder = temporaryFolder()
  for (const needs of [
    { ...little, freeBytesMin: Number.MAX_SAFE_INTEGER },
    { ...little, freeFilesMin: Number.MAX_SAFE_INTEGER },
  ]) {
    const { isFine, detail } = checkAuditFolder(folder, needs)
    assert.equal(isFine, false)
    assert.match(detail, /nearly full; free some or move/u)
  }
})

test('where files may grow no more, trying finds it though the disk has room', t => {
  const folder = temporaryFolder()
  const source = `import { checkAuditFolder } from ${JSON.stringify(new URL('./folder-check.ts', import.meta.url))}
    process.stdout.write(JSON.stringify(checkAuditFolder(${JSON.stringify(folder)}, ${JSON.stringify(little)})))`
  const words = ['--fsize=4096:4096', process.execPath, '--input-type=module', '-e', source]
  const { stdout, error } = spawnSync('prlimit', words, { encoding: 'utf8', timeout: 20_000 })
  if (error !== undefined) return t.skip('there is no prlimit here')
  const { isFine, detail } = JSON.parse(stdout) as { isFine: boolean; detail: string }
  assert.equal(isFine, false)
  assert.match(detail, /no space left/u)
  assert.deepEqual(readdirSync(folder), [])
})

test('on a full disk it says that no space is left', t => {
  const folder = join(temporaryFolder(), 'disk')
  mkdirSync(folder, { mode: 0o700 })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k,mode=0700', 'none', folder], { stdio: 'ignore' })
  } catch {
    return t.skip('mounting a small tmpfs is not allowed here')
  }
  t.after(() => execFileSync('umount', ['-l', folder]))
  const { isFine, detail } = checkAuditFolder(folder, little)
  assert.equal(isFine, false)
  assert.match(detail, /no space left/u)
})
