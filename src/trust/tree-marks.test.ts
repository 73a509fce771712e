import assert from 'node:assert/strict'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { readTree } from './file-tree.ts'
import type { StoredPackage } from './lock-file.ts'
import { isUntouched, readMarks, rememberMarks } from './tree-marks.ts'

const stored: StoredPackage = {
  ...({ ecosystem: 'npm', name: 'x', version: '1.0.0', folder: 'npm-x', integrity: 'sha512-x' } as const),
  files: { digest: `sha256-${'A'.repeat(43)}=`, count: 2, bytes: 8 },
  ...({ dependencies: {}, installScripts: [], publisher: 'unknown', provenance: 'unknown' } as const),
  installedAt: '2026-01-01T00:00:00.000Z',
}

function marked(t: { after(done: () => void): void }, nowMs = Date.now() + 10_000) {
  const root = mkdtempSync(join(tmpdir(), 'marks-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  const folder = join(root, stored.folder)
  mkdirSync(join(folder, 'a/b'), { recursive: true })
  writeFileSync(join(folder, 'a/b/one.js'), 'one!')
  writeFileSync(join(folder, 'a/two.js'), 'two!')
  rememberMarks(root, stored, { tree: readTree(folder), nowMs })
  return { root, folder }
}

type Touch = (folder: string) => void
const touches: Readonly<Record<string, Touch>> = {
  'a byte written and its time set back': folder => {
    writeFileSync(join(folder, 'a/two.js'), 'evil')
    utimesSync(join(folder, 'a/two.js'), 1000, 1000)
  },
  'a file more, deep inside': folder => writeFileSync(join(folder, 'a/b/three.js'), 'x'),
  'a file more, in the root': folder => writeFileSync(join(folder, 'index.js'), 'x'),
  'a file less': folder => unlinkSync(join(folder, 'a/two.js')),
  'a folder more': folder => mkdirSync(join(folder, 'a/c')),
  'a file changed and its folder put back under the old name': folder => {
    renameSync(join(folder, 'a/b'), join(folder, 'a/c'))
    writeFileSync(join(folder, 'a/c/one.js'), 'evil')
    renameSync(join(folder, 'a/c'), join(folder, 'a/b'))
  },
  'a folder that became a link to a copy of it': folder => {
    cpSync(join(folder, 'a/b'), `${folder}-copy`, { recursive: true, preserveTimestamps: true })
    rmSync(join(folder, 'a/b'), { recursive: true })
    symlinkSync(`${folder}-copy`, join(folder, 'a/b'))
  },
  'the whole tree replaced by a copy with the same times': folder => {
    cpSync(folder, `${folder}-copy`, { recursive: true, preserveTimestamps: true })
    rmSync(folder, { recursive: true })
    renameSync(`${folder}-copy`, folder)
  },
  'another mode': folder => chmodSync(join(folder, 'a/two.js'), 0o777),
  'everything gone': folder => rmSync(folder, { recursive: true }),
}

test('a tree that nobody touched is known without reading a folder', t => {
  const { root, folder } = marked(t)
  assert.equal(isUntouched(folder, readMarks(root, stored)), true)
})

for (const [what, touch] of Object.entries(touches))
  test(`${what} is seen`, async t => {
    const { root, folder } = marked(t)
    // The clock of the file system ticks every few milliseconds; marks that young are never believed in earnest.
    await new Promise(resolve => setTimeout(resolve, 25))
    touch(folder)
    assert.equal(isUntouched(folder, readMarks(root, stored)), false)
  })

test('marks that were too young, of another tree, or damaged stand for nothing', t => {
  const young = marked(t, Date.now())
  assert.equal(isUntouched(young.folder, readMarks(young.root, stored)), false)
  const { root, folder } = marked(t)
  const other = { ...stored, files: { ...stored.files, digest: `sha256-${'B'.repeat(43)}=` } }
  assert.equal(isUntouched(folder, readMarks(root, other)), false)
  for (const text of [
    'nonsense',
    '[]',
    'null',
    '{"of":1}',
    JSON.stringify({ of: stored.files.digest, isWhole: true, paths: [], marks: '' }),
    JSON.stringify({ of: stored.files.digest, isWhole: true, paths: ['a/two.js'], marks: 'AAAA' }),
  ]) {
    writeFileSync(join(root, 'npm-x.marks'), text)
    assert.equal(isUntouched(folder, readMarks(root, stored)), false, text)
  }
})
