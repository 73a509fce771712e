import assert from 'node:assert/strict'
import test from 'node:test'
import { callEvent } from '../../test/audit/recorded.ts'
import type { SessionId } from '../core/brand.ts'
import type { AuditEvent } from '../core/port.ts'
import { type Alert, alertDefaults, alerterOf } from './alert.ts'
import { redactText } from './redact.ts'

function told(events: readonly AuditEvent[]): Alert[] {
  const alerter = alerterOf()
  return events.flatMap(event => alerter.raise(event))
}

function short(alerts: readonly Alert[]): string[] {
  return alerts.map(({ rule, severity }) => `${rule} ${severity}`)
}

const blocked = { verdict: redactText('block') }

function at(second: number, over: Partial<AuditEvent> = {}): AuditEvent {
  return { ...callEvent(0), atMs: second * 1000, ...over }
}

test('ordinary calls raise nothing', () => {
  assert.deepEqual(told(Array.from({ length: 200 }, (_, n) => at(n))), [])
})

test('a session that is refused again and again is told once, and again after a while with how often', () => {
  const burst = Array.from({ length: 30 }, (_, n) => at(n, { details: blocked }))
  assert.deepEqual(short(told(burst)), ['block-burst high'])
  const slow = Array.from({ length: 30 }, (_, n) => at(n * 20, { details: blocked }))
  assert.deepEqual(told(slow), [], 'one refusal in twenty seconds is no burst')
  const later = Array.from({ length: 5 }, (_, n) => at(1000 + n, { details: blocked }))
  const alerts = told([...burst, ...later])
  assert.equal(alerts.length, 2)
  assert.equal(alerts[1]?.times, 26)
})

test('refusals of different sessions are not added up', () => {
  const events = Array.from({ length: 40 }, (_, n) => at(n, { session: `s${n}` as SessionId, details: blocked }))
  assert.deepEqual(told(events), [])
})

test('a name that a client made up says nothing of its server', () => {
  const rules = ['allowlist/never-listed', 'pins/new'].map(rule => redactText(rule))
  assert.deepEqual(told([at(0, { kind: 'call', details: { ...blocked, rules } })]), [])
})

test('each suspicious event raises its alert, with a severity', () => {
  const cases: ReadonlyArray<readonly [Partial<AuditEvent>, string]> = [
    [
      { severity: 'critical', details: { ...blocked, rules: [redactText('guard:hidden-text/tags')] } },
      'critical-finding critical',
    ],
    [
      { severity: 'critical', details: { ...blocked, rules: [redactText('guard:guard/failed')] } },
      'guard-failed critical',
    ],
    [{ kind: 'surface', details: blocked }, 'changed-surface high'],
    [
      { kind: 'call', details: { verdict: redactText('ask'), rules: [redactText('pins/changed')] } },
      'changed-surface high',
    ],
    [{ kind: 'surface', details: { verdict: redactText('rewrite') } }, 'changed-surface high'],
    [
      {
        kind: 'call',
        details: { ...blocked, rules: ['allowlist/never-listed', 'pins/changed'].map(rule => redactText(rule)) },
      },
      'changed-surface high',
    ],
    [{ kind: 'egress', details: { ...blocked, host: redactText('collector.test') } }, 'egress-denied high'],
    [{ kind: 'egress', details: { verdict: redactText('allow'), host: redactText('api.test') } }, 'new-host low'],
    [
      { kind: 'egress', severity: 'high', details: { verdict: redactText('allow'), signs: [redactText('volume')] } },
      'egress-signs high',
    ],
    [{ kind: 'server', details: { event: redactText('drift'), what: redactText('read') } }, 'drift high'],
    [{ kind: 'server', details: { event: redactText('broken') } }, 'server-broken medium'],
    [{ kind: 'gateway', details: { event: redactText('touched') } }, 'audit-trouble critical'],
    [{ kind: 'gateway', details: { event: redactText('restored'), refused: 7 } }, 'audit-trouble high'],
    [{ kind: 'gateway', details: { event: redactText('start'), torn: [{}] } }, 'audit-trouble medium'],
  ]
  for (const [over, expected] of cases) assert.deepEqual(short(told([at(1, over)])), [expected], JSON.stringify(over))
  for (const [over] of cases) assert.equal(told([at(1, over), at(2, over), at(500, over)]).length, 1, 'told once')
})

test('memory is plain data with a bound, whatever comes, and an alerter can go on from it', () => {
  const options = { ...alertDefaults, subjectsMax: 50 }
  const alerter = alerterOf(options)
  for (let n = 0; n < 3000; n++) {
    const details = { verdict: redactText(n % 2 === 0 ? 'allow' : 'block'), host: redactText(`h${n}.test`) }
    alerter.raise(at(n, { kind: 'egress', session: `s${n}` as SessionId, details }))
  }
  const memory = alerter.memory()
  for (const list of [memory.told, memory.recent, memory.hosts]) assert.ok(list.length <= 50)
  assert.deepEqual(JSON.parse(JSON.stringify(memory)), memory)
  const known = at(3000, { kind: 'egress', details: { verdict: redactText('allow'), host: redactText('h2998.test') } })
  assert.deepEqual(alerterOf(options, memory).raise(known), [])
  assert.equal(alerterOf(options).raise(known).length, 1)
})
