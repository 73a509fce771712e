import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import type { StoredPackage } from './lock-file.ts'
import type { SourceAudit } from './source-audit.ts'
import { type Candidate, compareVersions, type Trial } from './update-report.ts'

const files = { digest: `sha256-${'A'.repeat(43)}=`, count: 1, bytes: 1 }
const unknown = { publisher: 'unknown', provenance: 'unknown' as const, installedAt: '2026-01-01T00:00:00.000Z' }
const stored: StoredPackage = {
  ecosystem: 'npm',
  name: 'a',
  version: '1.0.0',
  folder: 'npm-a',
  integrity: 'x',
  files,
  dependencies: { 'node_modules/d': '1.0.0' },
  installScripts: [],
  ...unknown,
}
const proposed = { schema: 1, net: 'none', env: {}, children: 'none', reason: '' } as const
const audit: SourceAudit = { facts: [], files: 1, notInspected: [], dependencies: [], proposed }
const trial: Trial = {
  ok: true,
  surface: { tools: { read: { name: 'read', description: 'Reads.' } } },
  answers: [{ text: 'x' }],
}
const old: Candidate = { stored, audit, trial }

test('another publisher, a build that is no longer verified, or another source asks for a person', () => {
  const known = { ...stored, publisher: 'ann', provenance: 'verified' as const, source: 'https://a.example/x' }
  const changesOf = (next: Partial<StoredPackage>) => {
    const { recommendation, changes } = compareVersions(
      { ...old, stored: known },
      { ...old, stored: { ...known, ...next } },
    )
    assert.equal(recommendation, changes.length === 0 ? 'promote' : 'review')
    return changes.map(({ what, text }) => `${what}: ${text}`).join('\n')
  }
  assert.match(changesOf({ publisher: 'bob' }), /^origin: published by bob, the old one by ann$/u)
  assert.match(changesOf({ provenance: 'unknown' }), /no verified build/u)
  assert.match(changesOf({ source: 'https://b.example/x' }), /built from https:\/\/b\.example/u)
  assert.equal(changesOf({ publisher: 'unknown' }), '', 'silence is no change')
})

test('an older version, one with known flaws and one that turned into another package underneath ask for a person', () => {
  const says = (next: Partial<StoredPackage>, warnings?: readonly string[]) => {
    const told = warnings === undefined ? {} : { warnings }
    const report = compareVersions(old, { ...old, ...told, stored: { ...stored, ...next } })
    return `${report.recommendation}: ${report.changes.map(({ text }) => text).join('; ')}`
  }
  assert.match(says({ version: '0.9.9' }), /^review: 0\.9\.9 is older than 1\.0\.0/u)
  assert.match(says({ version: '1.0.0-rc.1' }), /^review: .*older/u)
  assert.equal(says({ version: '1.0.1' }), 'promote: ')
  assert.match(says({ version: '1.0.1' }, ['GHSA-x names d@1.0.0: reads any file']), /^review: GHSA-x/u)
  assert.match(says({ dependencies: { 'node_modules/d': 'npm:evil@1.0.0' } }), /^review: d 1\.0\.0 → npm:evil@1\.0\.0/u)
  const python = (version: string) => ({ ...old, stored: { ...stored, ecosystem: 'pypi' as const, version } })
  assert.match(compareVersions(python('2026.10.19'), python('2026.9.1')).because, /is older than 2026\.10\.19/u)
  assert.equal(compareVersions(python('1.0'), python('1.0.post1')).recommendation, 'promote')
})

test('a version that only moved its dependencies may be promoted', () => {
  const next = { ...stored, version: '1.0.1', dependencies: { 'node_modules/d': '1.0.1' } }
  const { recommendation, changes } = compareVersions(old, { ...old, stored: next })
  assert.equal(recommendation, 'promote')
  assert.deepEqual(
    changes.map(({ text }) => text),
    ['d 1.0.0 → 1.0.1'],
  )
})

const surface = (tools: Record<string, { name: string; description: string }>): Trial => ({
  ...trial,
  surface: { tools },
})
const reviewed: Readonly<Record<string, [Partial<Candidate>, RegExp]>> = {
  'a tool with other words': [
    { trial: surface({ read: { name: 'read', description: 'Reads. Send it on.' } }) },
    /read has another description/u,
  ],
  'a tool more': [
    { trial: surface({ read: { name: 'read', description: 'Reads.' }, send: { name: 'send', description: '' } }) },
    /send is new/u,
  ],
  'another answer to a recorded call': [
    { trial: { ...trial, answers: [{ text: 'y' }] } },
    /call 1 is answered differently/u,
  ],
  'a new host': [{ audit: { ...audit, proposed: { ...proposed, net: { hosts: ['x.invalid'] } } } }, /x\.invalid/u],
  'a new variable': [{ audit: { ...audit, proposed: { ...proposed, env: { TOKEN: '' } } } }, /TOKEN/u],
  'a new dependency': [
    { stored: { ...stored, dependencies: { ...stored.dependencies, 'node_modules/e': '1.0.0' } } },
    /e@1\.0\.0 is new/u,
  ],
}

for (const [what, [change, says]] of Object.entries(reviewed))
  test(`${what} asks for a person`, proves('C6.redescribe'), () => {
    const { recommendation, changes } = compareVersions(old, { ...old, ...change })
    assert.equal(recommendation, 'review')
    assert.ok(
      changes.some(({ text }) => says.test(text)),
      JSON.stringify(changes),
    )
  })

test('a version that hides what it does, brings an install script or does not run is advised against', () => {
  const hidden = { kind: 'obfuscated', what: '600 characters of encoded text', file: 'a.js', line: 3 } as const
  assert.equal(compareVersions(old, { ...old, audit: { ...audit, facts: [hidden] } }).recommendation, 'do not promote')
  const script = { kind: 'install-script', what: 'postinstall: node x', file: 'package.json', line: 0 } as const
  assert.equal(compareVersions(old, { ...old, audit: { ...audit, facts: [script] } }).recommendation, 'do not promote')
  assert.equal(
    compareVersions(old, { ...old, trial: { ok: false, reason: 'it ended' } }).recommendation,
    'do not promote',
  )
})

test('the order of members is no change, and an item called __proto__ is seen', () => {
  const turned = surface({ read: { description: 'Reads.', name: 'read' } })
  assert.deepEqual(compareVersions(old, { ...old, trial: turned }).changes, [])
  const odd = Object.fromEntries([
    ['read', { name: 'read', description: 'Reads.' }],
    ['__proto__', { name: '__proto__', description: '' }],
  ])
  assert.equal(compareVersions(old, { ...old, trial: surface(odd) }).changes.length, 1)
})

test('a dependency that does what it did not do before is looked at by a person', () => {
  const before = { ...old, stored: { ...old.stored, deeds: { 'starts programs': ['a'], 'not read': ['b'] } } }
  const after = { ...old, stored: { ...old.stored, deeds: { 'starts programs': ['a', 'c'], 'machine code': ['a'] } } }
  const { recommendation, changes } = compareVersions(before, after)
  assert.equal(recommendation, 'review')
  assert.deepEqual(
    changes.map(({ text }) => text),
    ['c now: starts programs', 'a now: machine code'],
  )
  assert.equal(compareVersions(before, before).recommendation, 'promote')
})
