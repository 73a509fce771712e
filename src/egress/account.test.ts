import assert from 'node:assert/strict'
import test from 'node:test'
import { localTenant, type Redacted, type ServerName } from '../core/brand.ts'
import type { AuditEvent } from '../core/port.ts'
import { createAccount, severityOf } from './account.ts'

const server = 'a' as ServerName

test('a deed becomes one event, every text of it redacted', async () => {
  const events: AuditEvent[] = []
  const account = createAccount({
    tenant: localTenant,
    record: event => void events.push(event),
    redact: text => text.replaceAll('s3cret', '[hidden]') as Redacted,
    now: () => 42,
  })
  const refusal = { code: 'not-declared', why: 'add s3cret.evil.example:443' } as const
  await account(server, { what: 'dial', host: 's3cret.evil.example', port: 443, refusal, signs: ['first-seen'] })
  assert.equal(events.length, 1)
  assert.equal(JSON.stringify(events).includes('s3cret'), false)
  const [event] = events
  assert.equal(event?.kind, 'egress')
  assert.equal(event?.atMs, 42)
  assert.equal(event?.details['verdict'], 'refuse')
  assert.equal(event?.details['port'], 443)
})

test('a record that cannot be written is not swallowed', async () => {
  const account = createAccount({
    tenant: localTenant,
    record: () => Promise.reject(new Error('disk full')),
    redact: text => text as Redacted,
    now: () => 0,
  })
  await assert.rejects(account(server, { what: 'name', host: 'a.example' }), /disk full/u)
})

test('what points at an attack weighs more than what was forgotten to be declared', () => {
  const of = (code: 'not-declared' | 'address-refused' | 'name-mismatch') =>
    severityOf({ what: 'dial', host: 'x', refusal: { code, why: '' } })
  assert.equal(of('address-refused'), 'high')
  assert.equal(of('name-mismatch'), 'high')
  assert.equal(of('not-declared'), 'medium')
  assert.equal(severityOf({ what: 'dial', host: 'x' }), 'info')
  assert.equal(severityOf({ what: 'dial', host: 'x', signs: ['first-seen'] }), 'low')
  assert.equal(severityOf({ what: 'name', host: 'x', signs: ['encoded'] }), 'high')
})
