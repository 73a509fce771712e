import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import type { StoredPackage } from './lock-file.ts'
import { auditStored } from './stored-audit.ts'

test('a package is read by the rules of its language', t => {
  const root = mkdtempSync(join(tmpdir(), 'audit-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  const home = join(root, 'x', 'node_modules', 'a')
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'main.js'), `require('child_process').exec('ls')`)
  const stored: StoredPackage = {
    ...{ ecosystem: 'npm', name: 'a', version: '1.0.0', folder: 'x', integrity: 'sha512-x' },
    ...{ files: { digest: `sha256-${'A'.repeat(43)}=`, count: 1, bytes: 1 }, dependencies: {}, installScripts: [] },
    ...{ publisher: 'unknown', provenance: 'unknown', installedAt: '2026-01-01T00:00:00.000Z' },
  }
  assert.ok(auditStored(root, stored).facts.length > 0)
  const site = join(root, 'x', 'site', 'a')
  mkdirSync(site, { recursive: true })
  writeFileSync(join(site, 'main.py'), 'import socket')
  const python = auditStored(root, { ...stored, ecosystem: 'pypi' })
  assert.deepEqual(
    python.facts.map(({ kind, what }) => `${kind} ${what}`),
    ['network socket'],
  )
})
