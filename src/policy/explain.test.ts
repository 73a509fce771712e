import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { compilePolicy } from './compile.ts'
import { loadConditions } from './condition.ts'
import { explain } from './explain.ts'
import { presetSource } from './preset.ts'
import type { PolicyTest, Rule } from './rule.ts'
import { situationOf } from './situation.ts'

const conditions = await loadConditions()

function explained(rules: readonly Rule[], about: Omit<PolicyTest, 'expect'>) {
  const base = presetSource('careful')
  const own = rules.map((rule, index) => ({ rule, layer: 'user' as const, index }))
  const compiled = compilePolicy({ ...base, rules: [...base.rules, ...own] }, conditions)
  if (!compiled.ok) throw new Error(compiled.problems[0]?.text)
  const { decision, rules: answers } = explain(compiled.policy, situationOf(about))
  return {
    decision,
    why: new Map(answers.map(({ rule, spoke, why }) => [rule, `${spoke ? 'spoke' : 'silent'}: ${why}`])),
  }
}

test('every rule says why it spoke or kept silent', () => {
  const rules: Rule[] = [
    { name: 'server', match: { server: 'mail' }, then: 'block' },
    { name: 'kind', match: { kind: 'tool.result' }, then: 'block' },
    { name: 'labels', match: { labels: 'x' }, then: 'block' },
    { name: 'findings', match: { findings: {} }, then: 'block' },
    { name: 'false', when: 'args.n > 9', then: 'block' },
    { name: 'failed', when: 'args.m > 9', then: 'ask' },
    { name: 'not allowed', when: 'args.m > 9', then: 'allow' },
    { name: 'ended', then: 'allow', expires: '2020-01-01' },
  ]
  const { why, decision } = explained(rules, { tool: 'read', server: 'files', args: { n: 1 }, at: '2026-01-01' })
  assert.equal(decision.verdict.kind, 'ask')
  assert.equal(why.get('server'), 'silent: the server is files')
  assert.equal(why.get('kind'), 'silent: it is not about a tool.call')
  assert.equal(why.get('labels'), 'silent: the labels are none')
  assert.equal(why.get('findings'), 'silent: no finding fits')
  assert.equal(why.get('false'), 'silent: its condition is false: args.n > 9')
  assert.equal(why.get('failed'), 'spoke: its condition failed, which counts as met: field not found: m')
  assert.match(why.get('not allowed') ?? '', /^silent: its condition failed, which an allow rule counts as not met/u)
  assert.equal(why.get('ended'), 'silent: it ended on 2020-01-01')
})

test('a rule that was lifted names the rule that lifted it', () => {
  const rules: Rule[] = [{ name: 'notes', then: 'allow', lift: 'acts-after-untrusted' }]
  const { why, decision } = explained(rules, { tool: 'write', labels: ['untrusted'] })
  assert.equal(why.get('acts-after-untrusted'), 'silent: lifted by the allow rule notes')
  assert.equal(decision.verdict.kind, 'allow')
})

test('a finding that was set aside is not what made a rule speak', () => {
  const findings = [{ rule: 'pii/mail', severity: 'high', confidence: 'certain' }] as const
  const { why } = explained([{ name: 'mine', then: 'allow', waive: 'pii/*' }], { tool: 'read', findings })
  assert.equal(why.get('certain-findings'), 'silent: no finding fits')
  assert.equal(why.get('mine'), 'spoke: everything it asks for is so')
})

test('the rules that spoke are exactly the ones that the decision names', () => {
  const rule = fc.record(
    {
      name: fc.string({ minLength: 1, maxLength: 3 }),
      match: fc.record({ tool: fc.constantFrom('a*', 'b'), labels: fc.constantFrom('x', 'y') }, { requiredKeys: [] }),
      then: fc.constantFrom('ask', 'block'),
    },
    { requiredKeys: ['name', 'then'] },
  )
  const rules = fc.uniqueArray(rule, { selector: ({ name }: Rule) => name, maxLength: 6 })
  const about = fc.record({ tool: fc.constantFrom('a1', 'b'), labels: fc.subarray(['x', 'y', 'untrusted']) })
  fc.assert(
    fc.property(rules, about, (some, what) => {
      const { decision, why } = explained(some, what)
      const spoke = [...why].filter(([, text]) => text.startsWith('spoke')).map(([name]) => `policy:${name}`)
      const named = decision.because.map(({ rule: name }) => name).filter(name => name.startsWith('policy:'))
      assert.deepEqual(named.sort(), spoke.sort())
    }),
    { numRuns: 300 },
  )
})
