import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { temporaryFolder } from '../../test/temporary.ts'
import { findStored } from './find-stored.ts'
import { type LockFile, type StoredPackage, writeLock } from './lock-file.ts'
import { lockPath } from './store-change.ts'
import { recordFiles } from './verify-stored.ts'

const day = '2026-01-02T03:04:05.000Z'

function put(root: string, version: string): StoredPackage {
  const folder = `npm-a-${version}`
  const at = join(root, folder, 'node_modules', 'a')
  mkdirSync(at, { recursive: true })
  writeFileSync(join(at, 'main.js'), version)
  const files = recordFiles(root, folder)
  assert.ok(!('problem' in files))
  return {
    ...{ ecosystem: 'npm', name: 'a', version, folder, files, integrity: 'sha512-x', dependencies: {} },
    ...{ installScripts: [], publisher: 'unknown', provenance: 'unknown', installedAt: day },
  }
}

function store(): { root: string; lock: LockFile } {
  const root = temporaryFolder()
  const packages = Object.fromEntries(['1.0.0', '2.1.0'].map(version => [`npm:a@${version}`, put(root, version)]))
  const about = { previous: [], owner: 'me', why: 'x', addedAt: day, reviewedAt: day, reviewDays: 90 }
  const lock: LockFile = { version: 1, packages, servers: { a: { ...about, active: 'npm:a@1.0.0' } } }
  writeLock(lockPath(root), lock)
  return { root, lock }
}

test('a range, a tag and no version mean the version in force where it fits; an exact one means itself alone', () => {
  const { root } = store()
  const versionFor = (version: string | undefined) => {
    const found = findStored({ ecosystem: 'npm', name: 'a', version }, root)
    return typeof found === 'string' ? found.split('/').at(-3) : found
  }
  for (const loose of [undefined, 'latest', '^1.0.0', '1.x', 'v1.0.0'])
    assert.equal(versionFor(loose), 'npm-a-1.0.0', loose)
  assert.equal(versionFor('2.1.0'), 'npm-a-2.1.0')
  for (const other of ['^2.0.0', '3.0.0', '1.0.1']) assert.equal(versionFor(other), undefined, other)
})

test('names that mean something to JavaScript, and other ecosystems, are not in the store', () => {
  const { root } = store()
  for (const name of ['__proto__', 'constructor', 'toString', '../a', 'A'])
    assert.equal(findStored({ ecosystem: 'npm', name, version: undefined }, root), undefined, name)
  assert.equal(findStored({ ecosystem: 'pypi', name: 'a', version: '1.0.0' }, root), undefined)
})

test('a lock that names an old version again by hand starts nothing', () => {
  const { root, lock } = store()
  writeLock(lockPath(root), { ...lock, servers: {} })
  assert.equal(findStored({ ecosystem: 'npm', name: 'a', version: undefined }, root), undefined)
  writeFileSync(lockPath(root), JSON.stringify({ seal: 'x', lock }))
  const found = findStored({ ecosystem: 'npm', name: 'a', version: '1.0.0' }, root)
  assert.ok(typeof found === 'object' && !found.ok && found.reason.includes('sallyport.lock'))
})
