import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { layOut, temporaryFolder } from '../../test/temporary.ts'
import type { StoredPackage } from '../trust/lock-file.ts'
import { changeLock } from '../trust/store-change.ts'
import { registryFacts } from './registry-facts.ts'

const stored: StoredPackage = {
  ...{ ecosystem: 'npm', name: 'a', version: '1.2.0', folder: 'npm-a', integrity: 'sha512-x', dependencies: {} },
  ...{ files: { digest: `sha256-${'A'.repeat(43)}=`, count: 0, bytes: 0 }, installScripts: [] },
  ...{ publisher: 'unknown', provenance: 'unknown', installedAt: '2026-01-01T00:00:00.000Z' },
}

/** Stands for npm's own program, which is what asks the registry. */
function npmThatSays(view: object): string {
  return join(layOut({ npm: `#!/bin/sh\n[ "$1" = view ] && echo '${JSON.stringify(view)}'\nexit 0\n` }), 'npm')
}

test('publisher and time of a version come into the lock where the registry says them', async () => {
  const root = layOut({ 'npm-a/': '' })
  const npm = npmThatSays({ version: '1.2.0', _npmUser: 'ann', time: { '1.2.0': '2026-05-06T07:08:09Z' } })
  const facts = await registryFacts(root, stored, { npm })
  assert.ok(facts.ok)
  assert.deepEqual(facts.known, { ...stored, publisher: 'ann', publishedAt: '2026-05-06T07:08:09.000Z' })
  const entry = { active: 'npm:a@1.2.0', previous: [], owner: 'me', why: 'x', addedAt: stored.installedAt }
  const server = { ...entry, reviewedAt: stored.installedAt, reviewDays: 90 }
  const lock = { version: 1, packages: { 'npm:a@1.2.0': facts.known }, servers: { a: server } } as const
  const written = changeLock({ root }, () => ({ ok: true, lock }))
  assert.ok(written.ok && changeLock({ root }, now => ({ ok: true, lock: now })).ok, 'and the lock reads it again')
})

test('a registry that says nothing, and one that cannot be asked, leave everything unknown', async () => {
  const root = layOut({ 'npm-a/': '' })
  for (const npm of [npmThatSays({}), '/no/such/npm']) {
    const facts = await registryFacts(root, stored, { npm })
    assert.ok(facts.ok)
    assert.deepEqual(facts.known, stored)
    assert.equal(facts.said.provenance.state, 'unknown')
  }
  const wheel = await registryFacts(temporaryFolder(), { ...stored, ecosystem: 'pypi' }, { npm: '/no/such/npm' })
  assert.ok(wheel.ok && wheel.said.provenance.state === 'unknown')
})
