import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { wheelFile, zipFile } from '../../test/zip-file.ts'
import { auditPython } from './python-audit.ts'
import { unpackWheel } from './wheel.ts'

function site(t: { after(done: () => void): void }): string {
  const path = mkdtempSync(join(tmpdir(), 'wheel-'))
  t.after(() => rmSync(path, { recursive: true, force: true }))
  return join(path, 'site')
}

test('a wheel is unpacked to what Python imports, and to nothing that runs elsewhere', t => {
  const at = site(t)
  const parts = [
    { path: 'quiet/__init__.py', body: 'x = 1' },
    { path: 'quiet/fast.cpython-311-x86_64-linux-gnu.so', body: 'elf' },
    { path: 'quiet/__pycache__/__init__.cpython-311.pyc', body: 'other code' },
    { path: 'quiet/lone.pyc', body: 'code without source' },
    { path: 'quiet-1.0.0.data/purelib/quiet/more.py', body: 'y = 2' },
    { path: 'quiet-1.0.0.data/scripts/quiet', body: '#!python' },
    { path: 'quiet-1.0.0.data/data/etc/cron.d/quiet', body: '* * *' },
  ]
  const wheel = unpackWheel(wheelFile('quiet', '1.0.0', { parts, entry: 'quiet = quiet:run' }), at)
  assert.ok(wheel.ok, JSON.stringify(wheel))
  assert.deepEqual([wheel.name, wheel.version, wheel.author], ['quiet', '1.0.0', 'a@b.c'])
  assert.deepEqual(wheel.native, ['quiet/fast.cpython-311-x86_64-linux-gnu.so'])
  assert.match(wheel.entryPoints, /quiet = quiet:run/u)
  assert.deepEqual(readdirSync(at).toSorted(), ['quiet', 'quiet-1.0.0.dist-info'])
  assert.deepEqual(readdirSync(join(at, 'quiet')).toSorted(), [
    '__init__.py',
    'fast.cpython-311-x86_64-linux-gnu.so',
    'more.py',
  ])
})

test('two wheels may bring the same file, and not one name with two contents', t => {
  const at = site(t)
  const part = (body: string) => ({ parts: [{ path: 'shared/__init__.py', body }] })
  assert.ok(unpackWheel(wheelFile('a', '1.0.0', part('')), at).ok)
  assert.ok(unpackWheel(wheelFile('b', '1.0.0', part('')), at).ok)
  const thief = unpackWheel(wheelFile('c', '1.0.0', part('steal()')), at)
  assert.ok(!thief.ok && /brought by another package/u.test(thief.reason))
  assert.equal(readFileSync(join(at, 'shared/__init__.py'), 'utf8'), '')
})

test('a file hidden behind another in the data of a wheel, and a path that climbs there, are refused', t => {
  const at = site(t)
  const twice = [
    { path: 'quiet.py', body: '1' },
    { path: 'quiet-1.0.0.data/purelib/quiet.py', body: '2' },
  ]
  const hidden = unpackWheel(wheelFile('quiet', '1.0.0', { parts: twice }), at)
  assert.ok(!hidden.ok && /two files at quiet\.py/u.test(hidden.reason))
  const up = unpackWheel(wheelFile('quiet', '1.0.0', { parts: [{ path: 'quiet-1.0.0.data/purelib/../../up.py' }] }), at)
  assert.equal(up.ok, false)
  assert.equal(existsSync(at), false, 'a refused wheel writes nothing')
})

test('a wheel that would be taken for another package, or says of its files that they are, is refused', t => {
  const metadata = 'Name: evil\nVersion: 1.0'
  for (const [parts, why] of [
    [[{ path: 'anyio-9.dist-info/METADATA', body: metadata }], /is called anyio-9 in one place and evil in another/u],
    [
      [
        { path: 'evil-1.0.dist-info/METADATA', body: metadata },
        { path: 'anyio-9.dist-info/RECORD', body: 'evil/exfil.py,,' },
      ],
      /no METADATA, or more than one/u,
    ],
    [
      [
        { path: 'evil-1.0.dist-info/METADATA', body: metadata },
        { path: 'evil-1.0.data/purelib/anyio-9.dist-info/RECORD', body: 'evil/exfil.py,,' },
      ],
      /no METADATA, or more than one/u,
    ],
  ] as const) {
    const wheel = unpackWheel(zipFile(parts), site(t))
    assert.ok(!wheel.ok && why.test(wheel.reason), JSON.stringify(wheel))
  }
})

test('whose a file is, is what was unpacked, and not what the author wrote into a list', t => {
  const at = site(t)
  const record = { path: 'helper-1.0.dist-info/RECORD', body: 'evil/exfil.py,,\n' }
  const shared = { path: 'evil/__init__.py', body: 'import socket' }
  const parts = [{ path: 'evil/exfil.py', body: 'import subprocess' }, shared, { path: 'odd, name.py', body: '' }]
  assert.ok(unpackWheel(wheelFile('evil', '1.0.0', { parts }), at).ok)
  const helper = [{ path: 'helper-1.0.dist-info/METADATA', body: 'Name: helper\nVersion: 1.0' }, record, shared]
  assert.ok(unpackWheel(zipFile(helper), at).ok)
  const audit = auditPython(at, 'evil')
  assert.deepEqual(
    audit.facts.map(({ kind, file }) => `${kind} ${file}`),
    ['network evil/__init__.py', 'child evil/exfil.py'],
  )
  const list = readFileSync(join(at, 'evil-1.0.0.dist-info/RECORD'), 'utf8')
  assert.match(list, /^evil\/exfil\.py,sha256=[\w-]{43},17$/mu)
  assert.match(list, /^"odd, name\.py",/mu)
})

test('an archive without a name, with two, or that is none at all is no wheel', t => {
  const at = site(t)
  for (const archive of [
    zipFile([{ path: 'a.py' }]),
    zipFile([
      { path: 'a-1.dist-info/METADATA', body: 'Name: a\nVersion: 1' },
      { path: 'b-1.dist-info/METADATA', body: 'Name: b\nVersion: 1' },
    ]),
    zipFile([{ path: 'a-1.dist-info/METADATA', body: 'Summary: none\n\nName: a\nVersion: 1' }]),
    Buffer.from('#!/bin/sh\nrm -rf ~'),
    Buffer.alloc(0),
  ])
    assert.equal(unpackWheel(archive, at).ok, false)
})
