import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { auditFolder, callEvent, chainFiles, editLines, recordChain } from '../../test/audit/recorded.ts'
import type { ServerName } from '../core/brand.ts'
import type { AuditRecord } from './chain.ts'
import type { AuditFilter } from './filter.ts'
import { openAuditLog } from './log.ts'
import { auditQuery } from './query.ts'
import { AuditIndex, type Cursor } from './sqlite-index.ts'

function all(index: AuditIndex, filter: AuditFilter, limit: number): AuditRecord[] {
  const found: AuditRecord[] = []
  let before: Cursor | undefined
  for (let i = 0; i < 1000; i++) {
    const page = index.page(filter, before === undefined ? { limit } : { limit, before })
    found.push(...page.records)
    before = page.next
    if (before === undefined) return found
  }
  throw new Error('the pages do not end')
}

test('the index answers as reading all files does, whatever the filter and the size of a page', async t => {
  const folder = auditFolder(t)
  const now = (): number => callEvent(0).atMs
  const [a, b] = [openAuditLog({ folder, now }), openAuditLog({ folder, now, rotateBytes: 3000 })]
  for (let n = 0; n < 60; n++)
    (n % 3 === 0 ? a : b).append(callEvent(n, n % 4 === 0 ? { server: 'mail' as ServerName, severity: 'high' } : {}))
  await a.close()
  await b.close()
  const index = new AuditIndex(folder)
  await index.update()
  const filters: AuditFilter[] = [{}, { kind: 'call' }, { server: 'mail' }, { severity: 'high' }, { text: '"n":17' }]
  filters.push(
    { sinceMs: callEvent(10).atMs, untilMs: callEvent(20).atMs },
    { tool: 'read_file', session: 's1' },
    { verdict: 'block' },
  )
  for (const filter of filters) {
    const expected = (await Array.fromAsync(auditQuery(folder, { filter })))
      .map(({ fingerprint }) => fingerprint)
      .sort()
    for (const limit of [1, 7, 100])
      assert.deepEqual(
        all(index, filter, limit)
          .map(({ fingerprint }) => fingerprint)
          .sort(),
        expected,
        JSON.stringify(filter),
      )
  }
  const calls = all(index, { kind: 'call' }, 10).map(({ details }) => details['n'])
  assert.deepEqual(
    calls,
    Array.from({ length: 60 }, (_, n) => 59 - n),
  )
  index.close()
})

test('an update takes in only what is new, and forgets what is gone', async t => {
  const folder = auditFolder(t)
  await recordChain(folder, 5)
  const index = new AuditIndex(folder)
  const first = await index.update()
  assert.ok(first.added > 5)
  assert.equal((await index.update()).added, 0)
  await recordChain(folder, 3)
  assert.ok((await index.update()).added < first.added)
  rmSync(chainFiles(folder)[0] ?? '')
  await index.update()
  assert.equal(all(index, { kind: 'call' }, 10).length, 3)
  index.close()
})

test('what only stands in the index, or was changed in the file, is never shown', async t => {
  const folder = auditFolder(t)
  await recordChain(folder, 5)
  const index = new AuditIndex(folder)
  await index.update()
  editLines(chainFiles(folder)[0] ?? '', lines => lines.with(2, lines[2]!.replace('read_file', 'xxxx_file')))
  assert.equal(all(index, { kind: 'call' }, 10).length, 4)
  index.close()
})

test('a damaged or deleted index is built anew', async t => {
  const folder = auditFolder(t)
  await recordChain(folder, 5)
  writeFileSync(join(folder, 'index.sqlite'), 'no database '.repeat(1000))
  const index = new AuditIndex(folder)
  await index.update()
  assert.equal(all(index, { kind: 'call' }, 10).length, 5)
  index.close()
})
