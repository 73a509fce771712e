import assert from 'node:assert/strict'
import test from 'node:test'
import { redactText } from '../audit/redact.ts'
import { localTenant, type ServerName } from '../core/brand.ts'
import type { AuditEvent, AuditPort } from '../core/port.ts'
import { watchful } from './watchful.ts'

const files = 'files' as ServerName

function event(rest: Partial<AuditEvent> = {}): AuditEvent {
  const details = { verdict: redactText('block'), rules: [redactText('guard:injection/order')] }
  return { kind: 'result', atMs: 1000, tenant: localTenant, server: files, severity: 'critical', details, ...rest }
}

function record() {
  const events: AuditEvent[] = []
  const port: AuditPort = { append: one => void events.push(one) }
  return { events, port }
}

test('a critical event is recorded, then the alert it raised, and the alert is said aloud once', () => {
  const { events, port } = record()
  const said: string[] = []
  const audit = watchful(port, text => said.push(text))
  void audit.append(event({ message: 'm-1' }))
  void audit.append(event({ message: 'm-2' }))
  assert.deepEqual(
    events.map(({ kind, message }) => [kind, message]),
    [
      ['result', 'm-1'],
      ['gateway', 'm-1'],
      ['result', 'm-2'],
    ],
  )
  assert.equal(events[1]?.details['event'], 'alert')
  assert.equal(events[1]?.details['rule'], 'critical-finding')
  assert.equal(said.length, 1)
  assert.match(said[0] ?? '', /^alert: .*injection\/order/u)
})

test('a broken server is an alert in the record, and not shouted', () => {
  const { events, port } = record()
  const said: string[] = []
  const details = { event: redactText('broken') }
  void watchful(port, text => said.push(text)).append(event({ kind: 'server', severity: 'medium', details }))
  assert.equal(events[1]?.details['rule'], 'server-broken')
  assert.deepEqual(said, [])
})

test('an event without anything to look at raises nothing', () => {
  const { events, port } = record()
  void watchful(port, () => assert.fail('said something')).append(
    event({ severity: 'info', details: { verdict: redactText('allow') } }),
  )
  assert.equal(events.length, 1)
})

test('a record that cannot be written still fails, and an alert that cannot be written does not', async () => {
  const broken: AuditPort = {
    append: () => {
      throw new Error('disk full')
    },
  }
  assert.throws(() => watchful(broken, () => {}).append(event()), /disk full/u)
  let n = 0
  const second: AuditPort = { append: () => (n++ === 0 ? undefined : Promise.reject(new Error('disk full'))) }
  await watchful(second, () => {}).append(event())
  assert.equal(n, 2)
})
