import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import test from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { auditFolder, callEvent, chainFiles, recordChain } from '../../test/audit/recorded.ts'
import type { ServerName } from '../core/brand.ts'
import { openAuditLog } from './log.ts'
import { auditQuery, auditTail } from './query.ts'

async function numbers(records: AsyncIterable<{ details: { readonly [key: string]: unknown } }>): Promise<unknown[]> {
  return (await Array.fromAsync(records)).map(({ details }) => details['n'])
}

test('records of chains that ran side by side come in the order of time, filtered and limited', async t => {
  const folder = auditFolder(t)
  const nowMs = Date.UTC(2026, 10, 22)
  const [a, b] = [openAuditLog({ folder, now: () => nowMs }), openAuditLog({ folder, now: () => nowMs })]
  for (let n = 0; n < 20; n++)
    (n % 3 === 0 ? a : b).append(callEvent(n, n % 2 === 0 ? {} : { server: 'mail' as ServerName }))
  await a.close()
  await b.close()
  assert.deepEqual(
    await numbers(auditQuery(folder, { filter: { kind: 'call' } })),
    Array.from({ length: 20 }, (_, n) => n),
  )
  const filter = { server: 'mail', sinceMs: nowMs + 4000, untilMs: nowMs + 15_000 }
  assert.deepEqual(await numbers(auditQuery(folder, { filter })), [5, 7, 9, 11, 13, 15])
  assert.deepEqual(await numbers(auditQuery(folder, { filter, limit: 2 })), [5, 7])
})

test('a tail is the last that match, and following shows what comes, across processes and new files', async t => {
  const folder = auditFolder(t)
  await recordChain(folder, 30)
  assert.deepEqual(await numbers(auditTail(folder, { filter: { kind: 'call' }, limit: 3 })), [27, 28, 29])
  const stop = new AbortController()
  const seen: unknown[] = []
  const following = (async () => {
    const options = { filter: { kind: 'call' }, limit: 1, follow: stop.signal }
    for await (const { details } of auditTail(folder, options)) seen.push(details['n'])
  })()
  for (let i = 0; i < 500 && seen.length < 1; i++) await sleep(20)
  const log = openAuditLog({ folder, rotateBytes: 2000 })
  for (let n = 100; n < 110; n++) log.append(callEvent(n))
  for (let i = 0; i < 500 && seen.length < 11; i++) await sleep(20)
  stop.abort()
  await following
  await log.close()
  assert.deepEqual(seen, [29, ...Array.from({ length: 10 }, (_, n) => 100 + n)])
})

test('a line that is no record, or was changed, is told and never shown as one', async t => {
  const folder = auditFolder(t)
  await recordChain(folder, 3)
  const [file = ''] = chainFiles(folder)
  appendFileSync(file, 'noise\n{"half":')
  const broken: number[] = []
  const found = await numbers(
    auditQuery(folder, { filter: { kind: 'call' }, onBroken: (_, line) => broken.push(line) }),
  )
  assert.deepEqual(found, [0, 1, 2])
  assert.equal(broken.length, 1)
})
