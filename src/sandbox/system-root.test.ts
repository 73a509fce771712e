import assert from 'node:assert/strict'
import { existsSync, lstatSync } from 'node:fs'
import test from 'node:test'
import { systemRoot } from './system-root.ts'

test('a root is made of what this machine has, and of nothing that holds secrets', () => {
  const { links, libraries, programs, settings, covered } = systemRoot()
  for (const path of [...libraries, ...programs]) assert.ok(lstatSync(path).isDirectory(), path)
  for (const path of [...Object.keys(links), ...settings, ...covered]) assert.ok(existsSync(path), path)
  const all = [...libraries, ...programs, ...settings]
  for (const secret of ['/etc', '/etc/shadow', '/etc/ssl/private', '/home', '/root', '/var', '/run'])
    assert.ok(!all.some(path => secret === path || secret.startsWith(`${path}/`)), secret)
})

test('libraries hold no folder of programs', () => {
  const { libraries } = systemRoot()
  for (const path of libraries) assert.doesNotMatch(path, /bin$/u)
})
