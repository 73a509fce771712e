import assert from 'node:assert/strict'
import test from 'node:test'
import { factsOf } from './facts.ts'
import { matcherOf } from './match.ts'
import type { Match, PolicyTest, Rule } from './rule.ts'
import { situationOf } from './situation.ts'

function mismatch(match: Match, about: Omit<PolicyTest, 'expect'>, then: Rule['then'] = 'ask'): string {
  const { onRoute, onFacts, findings } = matcherOf({ name: 'x', match, then })
  const situation = situationOf(about)
  const facts = factsOf(situation)
  const route = onRoute(facts) ?? onFacts(facts)
  if (route !== undefined) return route
  return findings === undefined || situation.findings.some(findings) ? 'fits' : 'findings'
}

test('everything given must hold, and what fails is named', () => {
  const match: Match = { server: 'mail', tool: 'send_*', effect: 'send', role: 'reader', labels: ['a', 'b'] }
  const about = { server: 'mail', tool: 'send_mail', role: 'reader', labels: ['b'] } as const
  assert.equal(mismatch(match, about), 'fits')
  assert.equal(mismatch(match, { ...about, server: 'files' }), 'server')
  assert.equal(mismatch(match, { ...about, tool: 'read' }), 'tool')
  assert.equal(mismatch(match, { ...about, effects: ['read'] }), 'effect')
  assert.equal(mismatch(match, { ...about, role: 'admin' }), 'role')
  assert.equal(mismatch(match, { ...about, labels: ['c'] }), 'labels')
})

test('a rule about tools keeps silent where there is no tool', () => {
  assert.equal(mismatch({ tool: '*' }, { resource: 'file:///x' }), 'tool')
  assert.equal(mismatch({ resource: '*' }, { tool: 'x' }), 'resource')
  assert.equal(mismatch({ resource: 'file://*/.env' }, { resource: 'file:///home/me/.env' }), 'fits')
  assert.equal(mismatch({ prompt: 'review*' }, { prompt: 'review_code' }), 'fits')
  assert.equal(mismatch({ method: 'tasks/*' }, { method: 'tasks/list' }), 'fits')
})

test('no spelling of an address dodges a rule that refuses or wins one that allows', () => {
  const secret: Match = { resource: 'file:///Secret/*' }
  for (const resource of [
    'file:///secret/a',
    'file:///s%65cret/a',
    'file:/x/../secret/a',
    'file://localhost/secret/a?b',
  ])
    assert.equal(mismatch(secret, { resource }, 'block'), 'fits', resource)
  const project: Match = { resource: 'file:///project/*' }
  assert.equal(mismatch(project, { resource: 'file:///project/a' }, 'allow'), 'fits')
  for (const resource of ['file:///project/../secret/a', 'file:///project/%2e%2e/secret/a'])
    assert.equal(mismatch(project, { resource }, 'allow'), 'resource', resource)
})

test('all labels means all', () => {
  assert.equal(mismatch({ allLabels: ['a', 'b'] }, { labels: ['a'] }), 'allLabels')
  assert.equal(mismatch({ allLabels: ['a', 'b'] }, { labels: ['b', 'a'] }), 'fits')
})

test('severity is a floor, confidence is one of those named', () => {
  const match: Match = { findings: { rule: 'secrets/*', severity: 'high', confidence: ['likely', 'certain'] } }
  const finding = { rule: 'secrets/key', severity: 'critical', confidence: 'certain' } as const
  assert.equal(mismatch(match, { findings: [finding] }), 'fits')
  assert.equal(mismatch(match, { findings: [{ ...finding, severity: 'medium' }] }), 'findings')
  assert.equal(mismatch(match, { findings: [{ ...finding, confidence: 'possible' }] }), 'findings')
  assert.equal(mismatch(match, { findings: [{ ...finding, rule: 'pii/mail' }] }), 'findings')
})

test('a rule without findings is about requests, one with findings about every message', () => {
  for (const kind of ['tool.result', 'server.surface', 'notification', 'error', 'tool.waiting'] as const) {
    assert.equal(mismatch({}, { kind }), 'kind')
    const findings = [{ rule: 'x/y', severity: 'low', confidence: 'certain' }] as const
    assert.equal(mismatch({ findings: {} }, { kind, findings }), 'fits')
    assert.equal(mismatch({ kind }, { kind }), 'fits')
  }
})

test('case does not matter to a rule that refuses, and does to one that allows', () => {
  assert.equal(mismatch({ server: 'Mail', tool: 'SEND*' }, { server: 'mail', tool: 'send' }, 'block'), 'fits')
  assert.equal(mismatch({ server: 'Mail' }, { server: 'mail', tool: 'send' }, 'allow'), 'server')
})
