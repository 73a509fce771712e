import assert from 'node:assert/strict'
import test from 'node:test'
import { pythonAliases } from './python-aliases.ts'
import { pythonTokens } from './python-tokens.ts'

function read(source: string) {
  const tokens = pythonTokens(source)
  assert.ok(tokens.ok)
  const { aliases, imports } = pythonAliases(tokens.tokens)
  return { aliases: Object.fromEntries(aliases), imports: imports.map(({ name }) => name) }
}

test('every form of an import binds what it says', () => {
  assert.deepEqual(read('import a.b as c, d, e as f').imports, ['a.b', 'd', 'e'])
  assert.deepEqual(read('import a.b as c, d, e as f').aliases, { c: 'a.b', f: 'e' })
  assert.deepEqual(read('from a.b import (c as d,\n  e)\nimport g').aliases, { d: 'a.b.c', e: 'a.b.e' })
  assert.deepEqual(read('from a import b; import c').imports, ['a', 'a.b', 'c'])
  assert.deepEqual(read('from . import x\nfrom ..y import z').imports, ['.', '.x', '..y', '..y.z'])
})

test('a name that is set to something dangerous stands for it, through several steps', () => {
  assert.equal(read('import os as o\ns = o.system\nt = s').aliases['t'], 'os.system')
  assert.equal(read('def f():\n  run = r\nfrom subprocess import run as r').aliases['run'], 'subprocess.run')
  assert.equal(read('x = os.system(y)').aliases['x'], undefined, 'what it gives is something else')
  assert.equal(read('self.x = os.system').aliases['x'], undefined)
})

test('everything of a module brings what matters of it', () => {
  assert.equal(read('from os import *').aliases['system'], 'os.system')
  assert.deepEqual(read('from json import *').aliases, {})
})
