import assert from 'node:assert/strict'
import test from 'node:test'
import { compilePolicy } from './compile.ts'
import { loadConditions } from './condition.ts'
import { consider, viewOf } from './consider.ts'
import type { PolicyTest, Rule } from './rule.ts'
import { situationOf } from './situation.ts'

const conditions = await loadConditions()

function considered(rule: Rule, about: Omit<PolicyTest, 'expect'>) {
  const defaults = { request: 'allow', unknown: 'allow', harmless: [] } as const
  const compiled = compilePolicy({ mode: 'enforce', defaults, rules: [{ rule, layer: 'user', index: 0 }] }, conditions)
  const [only] = compiled.ok ? compiled.policy.rules : []
  if (!only) throw new Error('does not compile')
  return consider(only, viewOf(situationOf(about)))
}

test('only the findings that a rule is about are its findings', () => {
  const [a, b] = [
    { rule: 'a/1', severity: 'high', confidence: 'certain' },
    { rule: 'b/1', severity: 'high', confidence: 'certain' },
  ] as const
  const answer = considered({ name: 'x', match: { findings: { rule: 'a/*' } }, then: 'block' }, { findings: [a, b] })
  assert.ok(answer.spoke)
  assert.deepEqual(
    answer.findings.map(({ rule }) => rule),
    ['a/1'],
  )
})

test('a condition is not evaluated where the match fails already', () => {
  const rule: Rule = { name: 'x', match: { tool: 'send' }, when: "args.to == 'x'", then: 'block' }
  assert.deepEqual(considered(rule, { tool: 'read', args: {} }), { spoke: false, why: 'tool' })
})

test('a condition that errs speaks for a rule that refuses and is silent for one that allows', () => {
  const asks = considered({ name: 'x', when: "args.to == 'x'", then: 'ask' }, { args: {} })
  const allows = considered({ name: 'x', when: "args.to == 'x'", then: 'allow' }, { args: {} })
  assert.ok(asks.spoke && asks.error === 'field not found: to')
  assert.ok(!allows.spoke && allows.why === 'when')
})

test('the variables of conditions are made once for all rules, and only when one asks', () => {
  const view = viewOf(situationOf({ tool: 'x' }))
  assert.equal(view.input(), view.input())
})
