import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { Segment } from './segment.ts'

test('lines are appended, taken back, and counted', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-segment-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const segment = new Segment(join(folder, 'a.jsonl'))
  segment.write('one\n')
  segment.write('zwei ü\n')
  assert.equal(segment.bytes, 12)
  segment.cutTo(4)
  segment.write('three\n')
  await segment.sync()
  assert.equal(readFileSync(segment.path, 'utf8'), 'one\nthree\n')
  assert.equal(segment.isTouched(), false)
  writeFileSync(segment.path, 'x')
  assert.equal(segment.isTouched(), true)
  segment.close()
})

test('closing waits for a sync that is under way', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-segment-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const segment = new Segment(join(folder, 'a.jsonl'))
  segment.write('one\n')
  const synced = segment.sync()
  segment.close()
  await synced
  await assert.rejects(segment.sync(), { code: 'AUDIT_CLOSED' })
})

test('a name that exists, also as a link to nowhere, is never opened', t => {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-segment-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'link.jsonl'))
  assert.throws(() => new Segment(join(folder, 'link.jsonl')), { code: 'AUDIT_IO', message: /EEXIST/u })
})
