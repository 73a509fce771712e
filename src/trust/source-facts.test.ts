import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { factsOf } from './source-facts.ts'

test('facts name the line', () => {
  const { facts, imports } = factsOf("#!/usr/bin/env node\nimport x from './x.js'\n\nfetch(y)\n", 'a.js')
  assert.deepEqual(facts, [{ kind: 'network', what: 'fetch', file: 'a.js', line: 4 }])
  assert.deepEqual(imports, ['./x.js'])
})

test('members and keys that only share a name with a global are left alone', () => {
  const { facts } = factsOf(
    'const o = { fetch: 1, eval: 2 }; o.fetch; o.eval; cache.fetch(1); expect.any(Function)',
    'a.js',
  )
  assert.deepEqual(facts, [])
})

test('variables of the environment are named, by member, by text and by pattern', () => {
  const { facts } = factsOf("const { A } = process.env; use(process.env.B, process.env['C'], process['env'].D)", 'a.js')
  const names = facts.filter(({ kind }) => kind === 'env').map(({ what }) => what)
  assert.deepEqual(names.toSorted(), ['A', 'B', 'C', 'D'])
})

test('no text makes it throw', () => {
  const pieces = [
    'eval',
    '(',
    ')',
    '`${',
    '}`',
    'import',
    '[',
    ']',
    '"a"',
    '+',
    'process',
    '.env',
    '=',
    ';',
    'x',
    '\\u{',
    '/',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), parts => {
      assert.ok(Array.isArray(factsOf(parts.join(' '), 'x.js').facts))
    }),
  )
})
