import assert from 'node:assert/strict'
import test from 'node:test'
import { type CompileResult, compilePolicy, needsConditions, type PolicySource, rulesMax } from './compile.ts'
import { loadConditions } from './condition.ts'
import { presetSource } from './preset.ts'
import type { Rule } from './rule.ts'

const conditions = await loadConditions()

function source(rules: readonly Rule[]): PolicySource {
  const base = presetSource('careful')
  return { ...base, rules: [...base.rules, ...rules.map((rule, index) => ({ rule, layer: 'user' as const, index }))] }
}

function compiled(...rules: readonly Rule[]): CompileResult {
  return compilePolicy(source(rules), conditions)
}

function complaints(...rules: readonly Rule[]): string[] {
  const result = compiled(...rules)
  return result.ok ? [] : result.problems.map(({ index, at, text }) => `${index}.${at.join('.')}: ${text}`)
}

test('what cannot be meant is refused with the place and what to do', () => {
  assert.match(complaints({ name: 'a', then: 'rewrite' })[0] ?? '', /^0\.then: rewrite needs match\.findings/u)
  assert.match(complaints({ name: 'a', then: 'ask', otherwise: 'block' })[0] ?? '', /^0\.otherwise: belongs to/u)
  assert.match(complaints({ name: 'a', then: 'ask', waive: 'x/*' })[0] ?? '', /^0\.waive: belongs to/u)
  assert.match(complaints({ name: 'a', then: 'block', lift: 'x' }).join(), /0\.lift: belongs to/u)
  assert.match(complaints({ name: 'a', then: 'allow', lift: 'no-such' })[0] ?? '', /^0\.lift: the preset has no rule/u)
  assert.match(complaints({ name: 'a', then: 'allow', expires: 'soon' })[0] ?? '', /^0\.expires: is no date/u)
  assert.match(complaints({ name: 'a', then: 'ask' }, { name: 'a', then: 'ask' })[0] ?? '', /^1\.name: another rule/u)
  assert.match(complaints({ name: 'a', when: 'tol', then: 'ask' })[0] ?? '', /^0\.when: reads tol/u)
})

test('an allow rule that waits for a finding or a label is refused: one more of them would loosen', () => {
  for (const match of [{ labels: 'x' }, { allLabels: ['x'] }, { findings: {} }])
    assert.match(complaints({ name: 'a', match, then: 'allow' })[0] ?? '', /an allow rule may not wait/u)
})

test('several mistakes are told at once', () => {
  assert.equal(complaints({ name: 'a', then: 'rewrite' }, { name: 'b', then: 'ask', waive: 'x' }).length, 2)
})

test('a policy names itself by its content', () => {
  const hash = (...rules: readonly Rule[]) => {
    const result = compiled(...rules)
    return result.ok ? result.policy.hash : ''
  }
  assert.equal(hash({ name: 'a', then: 'ask' }), hash({ name: 'a', then: 'ask' }))
  assert.notEqual(hash({ name: 'a', then: 'ask' }), hash({ name: 'a', then: 'block' }))
})

test('rules are bounded', () => {
  const many = Array.from({ length: rulesMax + 1 }, (_, i): Rule => ({ name: `r${i}`, then: 'ask' }))
  assert.match(complaints(...many)[0] ?? '', /more than 1000 rules/u)
})

test('the expression engine is needed only where there is an expression, and then it cannot be forgotten', () => {
  assert.equal(needsConditions(source([{ name: 'a', then: 'ask' }])), false)
  const withCondition = source([{ name: 'a', when: 'true', then: 'ask' }])
  assert.equal(needsConditions(withCondition), true)
  assert.throws(() => compilePolicy(withCondition), /expression engine is not loaded/u)
})
