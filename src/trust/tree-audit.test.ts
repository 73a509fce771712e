import assert from 'node:assert/strict'
import test from 'node:test'
import { layOut } from '../../test/temporary.ts'
import type { StoredPackage } from './lock-file.ts'
import { auditStored } from './stored-audit.ts'
import { auditTree, deedLines } from './tree-audit.ts'

const stored: StoredPackage = {
  ...{ ecosystem: 'npm', name: '@a/server', version: '1.0.0', folder: 'x', integrity: 'sha512-x' },
  ...{ files: { digest: `sha256-${'A'.repeat(43)}=`, count: 1, bytes: 1 }, dependencies: {}, installScripts: [] },
  ...{ publisher: 'unknown', provenance: 'unknown', installedAt: '2026-01-01T00:00:00.000Z' },
}
const npm = (files: Readonly<Record<string, string>>) =>
  layOut(Object.fromEntries(Object.entries(files).map(([path, text]) => [`x/node_modules/${path}`, text])))

test('each dependency is named by what it does, wherever it lies, and the server itself is not one', () => {
  const root = npm({
    '@a/server/main.js': "require('child_process').exec('own')",
    'net/lib/late.cjs': "require('htt' + 'ps')",
    'net/node_modules/@deep/er/x.mjs': "import { spawn } from 'node:child_process'; spawn('sh')",
    'code/a.js': 'new Function(x)',
    'native/build/x.node': '\u007fELF',
    'harmless/index.js': 'export const a = /x/u.exec(b)',
    'broken/index.js': 'this is no program',
    'scripted/index.js': '',
  })
  const { deeds, packages, files, filesThere } = auditTree(root, {
    ...stored,
    installScripts: ['node_modules/scripted'],
  })
  assert.deepEqual(deeds, {
    'reaches the network': ['net'],
    'starts programs': ['@deep/er'],
    'makes code': ['code'],
    'machine code': ['native'],
    'not read': ['broken'],
    'wants to run when installed': ['scripted'],
  })
  assert.deepEqual([packages, files, filesThere], [7, 6, 6])
})

test('what lies in a folder called node_modules is read as its package, wherever the author put it', () => {
  const call = "import { spawn } from 'node:child_process'; spawn('sh')"
  const own = { ...stored, name: 'quiet' }
  const listed = { ...own, dependencies: { 'node_modules/quiet': '1.0.0', 'node_modules/dep': '1.0.0' } }
  for (const path of [
    ...['quiet/node_modules/quiet/a.js', 'quiet/my_node_modules/quiet/a.js', 'quiet/lib/node_modules/dep/a.js'],
    ...['quiet/node_modules/quiet/node_modules/quiet/a.js', 'quiet/node_modules/.hidden/a.js'],
  ]) {
    const root = npm({ [path]: call, 'dep/a.js': '' })
    assert.deepEqual(auditTree(root, listed).deeds, {}, path)
    assert.equal(auditStored(root, listed).proposed.children === 'none', false, path)
  }
  const twin = { ...listed, dependencies: { ...listed.dependencies, 'node_modules/dep/node_modules/quiet': '0.9.0' } }
  const within = npm({ 'dep/node_modules/quiet/a.js': call, 'quiet/a.js': '' })
  assert.deepEqual(auditTree(within, twin).deeds, { 'starts programs': ['quiet'] })
})

test('what a dependency names as a script is read, whatever its ending says', () => {
  const root = npm({
    'a/index.js': "require('./notes.txt')",
    'a/notes.txt': "require('./more')",
    'a/more': 'fetch(u)',
    'b/package.json': '{"exports": {".": {"default": "./logo.svg"}}}',
    'b/logo.svg': 'new Function(x)',
    'c/data.txt': 'fetch(u)',
  })
  assert.deepEqual(auditTree(root, stored).deeds, { 'reaches the network': ['a'], 'makes code': ['b'] })
})

test('what there was no time or no room for is not read, and that is said of its package', () => {
  const root = npm({ 'a/1.js': '', 'a/2.js': '', 'big/x.js': `//${'x'.repeat(5_000_000)}`, 'c/1.js': 'fetch(u)' })
  assert.deepEqual(auditTree(root, stored).deeds, { 'not read': ['big'], 'reaches the network': ['c'] })
  const hurried = { files: 20, bytes: 1e9, cpuMs: -1 }
  assert.deepEqual(auditTree(root, stored, hurried).deeds, { 'not read': ['a', 'big', 'c'] })
  assert.deepEqual(auditTree(root, stored, { files: 1, bytes: 1e9, cpuMs: 1e9 }).deeds['not read'], ['a', 'big', 'c'])
  const linked = layOut({ 'x/node_modules/a/link.js': '→ /etc/passwd' })
  assert.match(auditTree(linked, stored).deeds['not read']?.[0] ?? '', /is a link/u)
})

test('of Python, a file belongs to the package whose record names it, and to nobody else when none does', () => {
  const root = layOut({
    'x/site/server/main.py': 'import socket',
    'x/site/server-1.0.dist-info/RECORD': 'server/main.py,,\n',
    'x/site/dep/a.py': 'import subprocess',
    'x/site/dep/fast.so': '',
    'x/site/late.pth': 'import os',
    'x/site/dep-2.0.dist-info/RECORD': '"dep/a.py",sha256=x,1\ndep/fast.so,,\nlate.pth,,\n',
    'x/site/nobody.py': 'import socket',
  })
  assert.deepEqual(auditTree(root, { ...stored, ecosystem: 'pypi', name: 'server' }).deeds, {
    'starts programs': ['dep'],
    'machine code': ['dep'],
    'wants to run when installed': ['dep'],
  })
})

test('lines name a few of many', () => {
  const names = Array.from({ length: 9 }, (_, i) => `p${i}`)
  assert.deepEqual(deedLines({ 'not read': ['z'], 'starts programs': names }), [
    'starts programs: p0, p1, p2, p3, p4, p5 and 3 more',
    'not read: z',
  ])
})
