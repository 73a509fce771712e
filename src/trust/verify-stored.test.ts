import assert from 'node:assert/strict'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import type { StoredPackage } from './lock-file.ts'
import { listPath, recordFiles, verifyStored } from './verify-stored.ts'

function store(t: { after(done: () => void): void }, count: number): { root: string; stored: StoredPackage } {
  const root = mkdtempSync(join(tmpdir(), 'verify-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  for (let i = 0; i < count; i++) {
    const at = join(root, 'npm-x', `d${i % 50}`)
    if (i < 50) mkdirSync(at, { recursive: true })
    writeFileSync(join(at, `f${i}.js`), `file ${i} `.repeat(100))
  }
  const files = recordFiles(root, 'npm-x')
  assert.ok('digest' in files)
  const known = {
    ecosystem: 'npm',
    name: 'x',
    version: '1.0.0',
    folder: 'npm-x',
    integrity: 'sha512-x',
    files,
  } as const
  const unknown = { dependencies: {}, installScripts: [], publisher: 'unknown', provenance: 'unknown' as const }
  return { root, stored: { ...known, ...unknown, installedAt: '2026-01-01T00:00:00.000Z' } }
}

const later = () => Date.now() + 10_000

test('5,000 files are compared in seconds at most, and without reading them the next time', t => {
  const { root, stored } = store(t, 5000)
  const cold = process.cpuUsage()
  assert.deepEqual(verifyStored(root, stored, later()), { ok: true, hashed: 5000 })
  const coldMs = milliseconds(process.cpuUsage(cold))
  const warm = process.cpuUsage()
  assert.deepEqual(verifyStored(root, stored, later()), { ok: true, hashed: 0 })
  const warmMs = milliseconds(process.cpuUsage(warm))
  t.diagnostic(`cold ${coldMs} ms, warm ${warmMs} ms of processor time`)
  assert.ok(coldMs < 5000 && warmMs < 5000, `${coldMs} ms, then ${warmMs} ms`)
})

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return Math.round((user + system) / 1000)
}

test('a change after a comparison is seen although length and time are as before', t => {
  const { root, stored } = store(t, 60)
  assert.ok(verifyStored(root, stored, later()).ok)
  const path = join(root, 'npm-x/d7/f7.js')
  const { atime, mtime } = statSync(path)
  writeFileSync(path, 'evil 7 '.repeat(100) + ' '.repeat(100))
  writeFileSync(path, readFileSync(path, 'utf8').slice(0, 700))
  utimesSync(path, atime, mtime)
  const found = verifyStored(root, stored, later())
  assert.ok(!found.ok && found.file === 'd7/f7.js', JSON.stringify(found))
})

test('marks noted within a clock tick of the change are not believed', t => {
  const { root, stored } = store(t, 10)
  assert.deepEqual(verifyStored(root, stored), { ok: true, hashed: 10 })
  assert.deepEqual(verifyStored(root, stored), { ok: true, hashed: 10 })
})

test('a list or marks that were rewritten open nothing', t => {
  const { root, stored } = store(t, 10)
  writeFileSync(join(root, 'npm-x.marks'), 'nonsense')
  assert.ok(verifyStored(root, stored).ok)
  appendFileSync(listPath(root, 'npm-x'), ' ')
  const found = verifyStored(root, stored)
  assert.ok(!found.ok && /not the list/u.test(found.why))
})

test('a folder that is gone is a refusal, not a crash', t => {
  const { root, stored } = store(t, 2)
  rmSync(join(root, 'npm-x'), { recursive: true })
  assert.equal(verifyStored(root, stored).ok, false)
})
