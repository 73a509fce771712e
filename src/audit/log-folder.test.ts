import assert from 'node:assert/strict'
import { chmodSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { auditFolder } from '../../test/audit/recorded.ts'
import { chainName, chainsWith, prepareFolder, segmentName, segmentsIn } from './log-folder.ts'

test('files are found by name, in order, and others are left alone', t => {
  const folder = auditFolder(t)
  const [a, b] = [chainName(Date.UTC(2026, 0, 1), 'abcd'), chainName(Date.UTC(2026, 0, 2), 'abcd')]
  const names = [segmentName(b, 1), segmentName(a, 10), segmentName(a, 2), `${a}.lock`, `${b}.head`]
  for (const name of [...names, 'notes.jsonl', '../x', 'x.lock', `${a}.0001.jsonl.torn`])
    writeFileSync(join(folder, name.replace('/', '_')), '')
  assert.deepEqual(
    segmentsIn(folder).map(({ name }) => name),
    [segmentName(a, 2), segmentName(a, 10), segmentName(b, 1)],
  )
  assert.deepEqual(chainsWith(folder, '.lock'), [a])
  assert.deepEqual(chainsWith(folder, '.head'), [b])
})

test('a folder is made for this user only, and one that others may write into is refused with what to do', t => {
  const parent = auditFolder(t)
  prepareFolder(join(parent, 'a/b'))
  assert.equal(statSync(join(parent, 'a/b')).mode & 0o777, 0o700)
  chmodSync(join(parent, 'a/b'), 0o770)
  assert.throws(() => prepareFolder(join(parent, 'a/b')), { code: 'AUDIT_FOLDER', message: /chmod 700/u })
  symlinkSync(join(parent, 'a'), join(parent, 'link'))
  assert.throws(() => prepareFolder(join(parent, 'link')), { code: 'AUDIT_FOLDER', message: /link/u })
  writeFileSync(join(parent, 'file'), '')
  assert.throws(() => prepareFolder(join(parent, 'file')), { code: 'AUDIT_IO' })
  assert.throws(() => segmentsIn(join(parent, 'none')), { code: 'AUDIT_IO', message: /none/u })
})
