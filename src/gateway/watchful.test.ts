import assert from 'node:assert/strict'
import test from 'node:test'
import { AuditError } from '../audit/audit-error.ts'
import { redactText } from '../audit/redact.ts'
import { localTenant, type ServerName } from '../core/brand.ts'
import type { AuditEvent, AuditPort } from '../core/port.ts'
import { createAccount, type Deed } from '../egress/account.ts'
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

test('that the record cannot be written is said once, and anew when it failed again after it had recovered', async () => {
  const said: string[] = []
  const state: { trouble?: Error } = {}
  const port: AuditPort = {
    append: one => {
      const { trouble } = state
      if (trouble !== undefined && one.kind === 'call') throw trouble
      return trouble === undefined ? Promise.resolve() : Promise.reject(trouble)
    },
  }
  const audit = watchful(port, text => said.push(text))
  const at = async (seconds: number, kind: 'call' | 'wire' = 'wire') => {
    const one = event({ kind, severity: 'info', details: {}, atMs: seconds * 1000 })
    try {
      await audit.append(one)
    } catch {}
  }
  await at(1)
  assert.deepEqual(said, [])
  state.trouble = new AuditError('AUDIT_NO_SPACE', 'writing the record: no space left\u001b[2J')
  await at(2)
  await at(3, 'call')
  await at(200)
  assert.equal(said.length, 1)
  assert.match(
    said[0] ?? '',
    /^the record cannot be written, and nothing passes .*: writing the record: no space left/u,
  )
  assert.ok(!said.join('').includes('\u001b'))
  delete state.trouble
  await at(201)
  await at(202)
  assert.deepEqual(said.slice(1), ['the record is written again'])
  state.trouble = new Error('disk full')
  await at(300, 'call')
  assert.match(said[2] ?? '', /disk full/u)
  assert.equal(said.length, 3)
})

test('trouble that comes and goes is said once a minute', () => {
  const said: string[] = []
  let n = 0
  const port: AuditPort = {
    append: () => {
      n += 1
      if (n % 2 === 0) throw new Error('disk full')
    },
  }
  const audit = watchful(port, text => said.push(text))
  for (let ms = 0; ms < 120_000; ms += 500)
    try {
      void audit.append(event({ severity: 'info', details: {}, atMs: ms }))
    } catch {}
  assert.deepEqual(said.filter(text => text.includes('cannot')).length, 2)
})

test('what is recorded after the record was closed is no trouble', () => {
  const closed: AuditPort = {
    append: () => {
      throw new AuditError('AUDIT_CLOSED', 'the audit log is closed')
    },
  }
  assert.throws(() => watchful(closed, () => assert.fail('said something')).append(event()), /closed/u)
})

test('what the network itself writes down becomes alerts: a refused dial, odd names, volume, and what is new', async () => {
  const { events, port } = record()
  const audit = watchful(port, () => {})
  const account = createAccount({
    ...{ tenant: localTenant, redact: redactText, now: () => 1000 },
    record: one => audit.append(one),
  })
  const refusal = { code: 'not-declared', why: 'add evil.test:443 to net.hosts' } as const
  const deeds: readonly (readonly [Deed, string])[] = [
    [{ what: 'dial', host: 'evil.test', port: 443, refusal }, 'egress-denied'],
    [{ what: 'name', host: 'tunnel.test', refusal }, 'egress-denied'],
    [{ what: 'name', host: 'q8z.api.test', signs: ['high-entropy'] }, 'egress-signs'],
    [{ what: 'alert', host: 'api.test', port: 443, signs: ['volume'] }, 'egress-signs'],
    [{ what: 'dial', host: 'api.test', port: 443, signs: ['first-seen'] }, 'new-host'],
    [{ what: 'name', host: 'api2.test' }, ''],
  ]
  for (const [deed, rule] of deeds) {
    const before = events.length
    await account(files, deed)
    const alerts = events.slice(before).filter(({ details }) => details['event'] === 'alert')
    assert.deepEqual(
      alerts.map(({ details }) => details['rule']),
      rule === '' ? [] : [rule],
      JSON.stringify(deed),
    )
  }
})
