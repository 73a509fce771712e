import assert from 'node:assert/strict'
import test from 'node:test'
import { claimWords as words } from './claim-words.ts'

test('each class of words is a pattern by itself and finds nothing in a plain sentence', () => {
  for (const [name, source] of Object.entries(words)) {
    if (['handOver', 'personal', 'toolName'].includes(name)) continue
    assert.equal(new RegExp(source, 'u').test('returns the weather of a city in degrees.'), false, name)
  }
})

test('files with secrets are known by where they lie', () => {
  const file = new RegExp(words.secretFile, 'u')
  for (const path of ['~/.ssh/id_rsa', '.env', '~/.aws/credentials', '/etc/shadow', 'mcp.json'])
    assert.ok(file.test(`read ${path} now`), path)
  for (const path of ['src/env.ts', 'docs/readme.md', 'package.json']) assert.ok(!file.test(`read ${path} now`), path)
})
