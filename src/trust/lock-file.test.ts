import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { type LockFile, readLock, writeLock } from './lock-file.ts'

function file(t: { after(done: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'sallyport.lock')
}

const day = '2026-01-02T03:04:05.000Z'
const lock: LockFile = {
  version: 1,
  packages: {
    'npm:a@1.0.0': {
      ...{ ecosystem: 'npm', name: 'a', version: '1.0.0', folder: 'npm-a-1.0.0', integrity: 'sha512-x' },
      files: { digest: `sha256-${'A'.repeat(43)}=`, count: 1, bytes: 2 },
      ...{ dependencies: {}, installScripts: [], publisher: 'unknown', provenance: 'unknown', installedAt: day },
    },
  },
  servers: {
    a: {
      active: 'npm:a@1.0.0',
      previous: [],
      owner: 'me',
      why: 'notes',
      addedAt: day,
      reviewedAt: day,
      reviewDays: 90,
    },
  },
}

test('what was written is what is read, and no file is an empty lock', t => {
  const path = file(t)
  assert.deepEqual(readLock(path), { ok: true, lock: { version: 1, packages: {}, servers: {} } })
  writeLock(path, lock)
  assert.deepEqual(readLock(path), { ok: true, lock })
})

test('a lock edited by hand is refused, whichever value was changed', t => {
  const path = file(t)
  writeLock(path, lock)
  const text = readFileSync(path, 'utf8')
  for (const [from, to] of [
    ['1.0.0"', '1.0.1"'],
    ['sha512-x', 'sha512-y'],
    ['AAAA=', 'AAAB='],
    ['notes', 'other'],
  ] as const) {
    writeFileSync(path, text.replace(from, to))
    const read = readLock(path)
    assert.ok(!read.ok && read.reason.includes(path) && read.wayOut !== '', from)
  }
})

test('a folder that leaves the store is refused even with a fitting seal', t => {
  const path = file(t)
  for (const folder of ['../../etc', '/etc', 'a/b', '.', '..']) {
    const stored = { ...lock.packages['npm:a@1.0.0']!, folder }
    assert.throws(() => writeLock(path, { ...lock, packages: { 'npm:a@1.0.0': stored } }), folder)
  }
})

test('no damage to the file is taken for a lock', t => {
  const path = file(t)
  writeLock(path, lock)
  const bytes = readFileSync(path)
  fc.assert(
    fc.property(fc.nat(bytes.length - 3), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const other = Buffer.from(bytes)
      other[at] = other[at]! ^ flip
      writeFileSync(path, other)
      const read = readLock(path)
      assert.ok(!read.ok || JSON.stringify(read.lock) === JSON.stringify(lock))
      writeFileSync(path, bytes.subarray(0, at))
      assert.equal(readLock(path).ok, false)
    }),
    { numRuns: 60 },
  )
})
