import assert from 'node:assert/strict'
import test from 'node:test'
import { compilePolicy } from './compile.ts'
import { presetSource } from './preset.ts'
import { runPolicyTests } from './rehearse.ts'
import type { Mode, Rule } from './rule.ts'

function rehearsed(rule: Rule, mode: Mode = 'enforce') {
  const base = presetSource('careful')
  const compiled = compilePolicy({ ...base, mode, rules: [...base.rules, { rule, layer: 'user', index: 0 }] })
  if (!compiled.ok) throw new Error(compiled.problems[0]?.text)
  return runPolicyTests(compiled.policy).filter(one => one.layer === 'user')
}

test('a case that is decided otherwise than it says is reported with what spoke', () => {
  const tests = [
    { tool: 'send_money', expect: 'block' },
    { tool: 'send_mail', expect: 'block' },
  ] as const
  const [right, wrong] = rehearsed({ name: 'no money', match: { tool: 'send_money' }, then: 'block', tests })
  assert.equal(right?.isAsExpected, true)
  assert.deepEqual(right?.because, ['block: policy:no money: no money'])
  assert.equal(wrong?.isAsExpected, false)
  assert.equal(wrong?.got, 'allow')
})

test('cases are decided by the whole policy and as if enforced, whatever the mode is', () => {
  const tests = [{ tool: 'read', labels: ['untrusted'], effects: ['write'], expect: 'ask' }] as const
  const rule: Rule = { name: 'x', match: { tool: 'nothing' }, then: 'block', tests }
  for (const mode of ['observe', 'lockdown'] as const) assert.equal(rehearsed(rule, mode)[0]?.isAsExpected, true)
})
