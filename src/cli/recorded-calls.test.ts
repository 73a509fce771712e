import assert from 'node:assert/strict'
import test from 'node:test'
import { auditFolder } from '../../test/audit/recorded.ts'
import { openAuditLog } from '../audit/log.ts'
import { redactJson, redactText } from '../audit/redact.ts'
import { localTenant, type Principal, type ServerName, type SessionId } from '../core/brand.ts'
import type { Json } from '../core/json.ts'
import { recordedCalls } from './recorded-calls.ts'

const tools = {
  read_note: { name: 'read_note', annotations: { readOnlyHint: true } },
  find_notes: { name: 'find_notes', annotations: { readOnlyHint: true } },
  write_note: { name: 'write_note' },
}

type Call = { tool: string; args: Json; server?: string; passed?: boolean }

async function recorded(t: Parameters<typeof auditFolder>[0], calls: readonly Call[]): Promise<string> {
  const folder = auditFolder(t)
  const log = openAuditLog({ folder })
  for (const [n, { tool, args, server = 'notes', passed = true }] of calls.entries())
    log.append({
      ...{ kind: 'call', atMs: Date.UTC(2026, 10, 22) + n, tenant: localTenant, session: 's' as SessionId },
      ...{ principal: 'ann' as Principal, server: server as ServerName, message: `m${n}`, severity: 'info' },
      details: { type: redactText('tool.call'), tool: redactText(tool), args: redactJson(args), passed },
    })
  await log.close()
  return folder
}

test('calls that only read come back as they were made, the latest first and each once', async t => {
  const folder = await recorded(t, [
    { tool: 'read_note', args: { name: 'a', deep: [1, { b: null }] } },
    { tool: 'find_notes', args: { text: 'milk' } },
    { tool: 'read_note', args: { deep: [1, { b: null }], name: 'a' } },
  ])
  assert.deepEqual(await recordedCalls(folder, { server: 'notes', tools }), [
    { tool: 'read_note', arguments: { deep: [1, { b: null }], name: 'a' } },
    { tool: 'find_notes', arguments: { text: 'milk' } },
  ])
})

test('a call that changes something, did not pass, is of another server or lost something is not played', async t => {
  const lost: readonly Json[] = [
    { key: 'x', password: 'hunter2' },
    { text: `AKIA${'ABCDEFGHIJKLMNOP'}` },
    { text: 'x'.repeat(3000) },
    { text: 'two\nlines' },
    { text: 'zero\u200bwidth' },
    { list: Array.from({ length: 100 }, (_, i) => i) },
    Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, i])),
    { card: 4111111111111111 },
    Array.from({ length: 14 }).reduce<Json>(inner => ({ inner }), 1),
    'no object',
  ]
  const folder = await recorded(t, [
    { tool: 'write_note', args: { name: 'a' } },
    { tool: 'gone_tool', args: {} },
    { tool: 'constructor', args: {} },
    { tool: 'read_note', args: { name: 'blocked' }, passed: false },
    { tool: 'read_note', args: { name: 'other' }, server: 'files' },
    ...lost.map(args => ({ tool: 'read_note', args })),
  ])
  assert.deepEqual(await recordedCalls(folder, { server: 'notes', tools }), [])
})

test('no more than a few calls are played, and no record is no calls', async t => {
  const many = Array.from({ length: 60 }, (_, i) => ({ tool: 'read_note', args: { name: `n${i}` } }))
  const calls = await recordedCalls(await recorded(t, many), { server: 'notes', tools })
  assert.equal(calls.length, 20)
  assert.deepEqual(calls[0]?.arguments, { name: 'n59' })
  assert.deepEqual(await recordedCalls('/no/such/folder', { server: 'notes', tools }), [])
})
