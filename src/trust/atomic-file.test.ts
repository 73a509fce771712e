import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { writeAtomic } from './atomic-file.ts'

test('a write that ends at any step before the rename leaves the old text', t => {
  const folder = mkdtempSync(join(tmpdir(), 'atomic-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'deep', 'file')
  writeAtomic(path, 'old')
  for (const end of ['open', 'write', 'sync', 'rename']) {
    const stop = (step: string) => {
      if (step === end) throw new Error(step)
    }
    assert.throws(() => writeAtomic(path, 'new', stop), { message: end })
    assert.equal(readFileSync(path, 'utf8'), 'old')
  }
  writeAtomic(path, 'new')
  assert.equal(readFileSync(path, 'utf8'), 'new')
  assert.equal(statSync(path).mode & 0o77, 0, 'for its owner alone')
})
