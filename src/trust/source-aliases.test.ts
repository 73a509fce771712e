import assert from 'node:assert/strict'
import test from 'node:test'
import { parse } from 'acorn'
import { aliasesOf } from './source-aliases.ts'

const found = (source: string) =>
  Object.fromEntries(aliasesOf(parse(source, { ecmaVersion: 'latest', sourceType: 'module' })))

test('other names of the environment, of process and of the loader are followed through several hands', () => {
  assert.deepEqual(found('const p = globalThis.process; const { env: e } = p; const r = module.require'), {
    p: 'process',
    e: 'process.env',
    r: 'require',
  })
  assert.deepEqual(found("import q, { env } from 'node:process'; import * as all from 'process'"), {
    q: 'process',
    env: 'process.env',
    all: 'process',
  })
  assert.deepEqual(found("const a = global['process']['env']"), { a: 'process.env' })
})

test('names of other things are no aliases', () => {
  assert.deepEqual(found("const env = config.env; const { a } = options; import { env as x } from './own.js'"), {})
})
