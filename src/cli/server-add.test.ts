import assert from 'node:assert/strict'
import test from 'node:test'
import { installedOf } from './server-add.ts'

test('packages in packages are named by their own names', () => {
  const files = { digest: `sha256-${'A'.repeat(43)}=`, count: 1, bytes: 1 }
  const unknown = { publisher: 'unknown', provenance: 'unknown' as const, installedAt: '2026-01-01T00:00:00.000Z' }
  const dependencies = { 'node_modules/@a/b': '1.0.0', 'node_modules/@a/b/node_modules/c': '2.0.0' }
  const stored = {
    ecosystem: 'npm' as const,
    name: '@a/b',
    version: '1.0.0',
    folder: 'x',
    integrity: 'x',
    files,
    dependencies,
    installScripts: [],
  }
  assert.deepEqual(installedOf({ ...stored, ...unknown }), [
    { name: '@a/b', version: '1.0.0' },
    { name: 'c', version: '2.0.0' },
  ])
})
