import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { lastUse, noteUse } from './last-use.ts'

test('the last start of each server is remembered, and no name leaves the folder', t => {
  const root = mkdtempSync(join(tmpdir(), 'use-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  assert.equal(lastUse(root, 'a'), undefined)
  noteUse(root, 'a', 1_000_000)
  noteUse(root, 'a', 2_000_000)
  noteUse(root, '../../b', 3_000_000)
  assert.equal(lastUse(root, 'a'), 2_000_000)
  assert.deepEqual(readdirSync(root), ['used'])
})
