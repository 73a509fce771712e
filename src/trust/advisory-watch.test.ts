import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { ageOf, installedOf, storedSnapshot, storeSnapshot, watchAdvisories } from './advisory-watch.ts'
import { knownAdvisories } from './known-advisories.ts'
import type { LockFile, StoredPackage } from './lock-file.ts'

const takenAt = '2026-11-22T00:00:00.000Z'
const now = Date.parse(takenAt)
const stored: StoredPackage = {
  ...{ ecosystem: 'npm', name: '@a/b', version: '1.0.0', folder: 'npm-b', integrity: 'sha512-x', installScripts: [] },
  ...{ files: { digest: `sha256-${'A'.repeat(43)}=`, count: 1, bytes: 1 }, installedAt: takenAt },
  ...{ publisher: 'unknown', provenance: 'unknown' },
  dependencies: { 'node_modules/@a/b': '1.0.0', 'node_modules/@a/b/node_modules/mcp-remote': '0.1.15' },
}
const server = { previous: [], owner: 'me', why: 'x', addedAt: takenAt, reviewedAt: takenAt, reviewDays: 90 }
const lock: LockFile = { version: 1, packages: { k: stored }, servers: { s: { ...server, active: 'k' } } }

function folder(t: { after(done: () => void): void }): string {
  const root = mkdtempSync(join(tmpdir(), 'watch-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  return root
}

test('packages in packages are named by their own names, in either ecosystem', () => {
  const names = (each: StoredPackage) =>
    installedOf(each).map(({ ecosystem, name, version }) => `${ecosystem} ${name} ${version}`)
  assert.deepEqual(names(stored), ['npm @a/b 1.0.0', 'npm mcp-remote 0.1.15'])
  assert.deepEqual(names({ ...stored, ecosystem: 'pypi', dependencies: { mcp: '2.3.0' } }), ['pypi mcp 2.3.0'])
  // Loaded as zod, and published as something else: the flaws of the latter count.
  const alias = { ...stored, dependencies: { 'node_modules/zod': 'npm:@e/vil@1.0.0' } }
  assert.deepEqual(names(alias), ['npm @e/vil 1.0.0'])
})

test('a flaw in what a server brings along names the server, by the shipped list and by the fetched one', t => {
  const root = folder(t)
  const ids = () =>
    watchAdvisories(lock, root, now).map(({ server: name, check }) => [name, check.found.map(({ id }) => id)])
  assert.deepEqual(ids(), [['s', ['CVE-2025-6514']]])
  const own = { id: 'X-1', ecosystem: 'npm', name: '@a/b', vulnerable: '1.0.0', severity: 'low', summary: '' } as const
  storeSnapshot(root, { version: 1, takenAt, isComplete: true, advisories: [own] })
  assert.deepEqual(ids(), [['s', ['X-1', 'CVE-2025-6514']]], 'a fetched list that leaves a flaw out does not hide it')
})

test('the age of the list is said, and a list that cannot be read is none', t => {
  const root = folder(t)
  assert.match(ageOf(root, now + 3 * 86_400_000), /short list that ships is 3 days old/u)
  storeSnapshot(root, { ...knownAdvisories, takenAt: '2026-11-20T00:00:00.000Z' })
  assert.equal(ageOf(root, now), 'the list is 2 days old (2026-11-20)')
  writeFileSync(join(root, 'advisories.json'), '{"version":1')
  assert.equal(storedSnapshot(root), undefined)
  assert.match(ageOf(root, now), /short list/u)
})

test('an image is never called clear: nothing in it was looked up', t => {
  const servers = { s: { ...server, active: 'image:docker.io/mcp/time:1' } }
  assert.equal(watchAdvisories({ ...lock, servers }, folder(t), now)[0]?.check.state, 'unknown')
})
