import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { confidences, type Finding, severities } from '../core/finding.ts'
import { isStricter, type VerdictKind } from '../core/verdict.ts'
import { compilePolicy, type Policy } from './compile.ts'
import { loadConditions } from './condition.ts'
import { decide } from './decide.ts'
import type { Situation } from './facts.ts'
import { presetSource } from './preset.ts'
import type { Defaults, Mode, PolicyTest, RewriteAs, Rule } from './rule.ts'
import { situationOf } from './situation.ts'

const conditions = await loadConditions()
const open: Defaults = { request: 'allow', unknown: 'allow', harmless: ['ping'] }

type Said = { readonly mode?: Mode; readonly defaults?: Partial<Defaults>; readonly under?: 'careful' | 'strict' }

function policyOf(rules: readonly Rule[], { mode = 'enforce', defaults = {}, under }: Said = {}): Policy {
  const base = under === undefined ? [] : presetSource(under).rules
  const own = rules.map((rule, index) => ({ rule, layer: 'user' as const, index }))
  const compiled = compilePolicy({ mode, defaults: { ...open, ...defaults }, rules: [...base, ...own] }, conditions)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  return compiled.policy
}

function verdict(policy: Policy, about: Omit<PolicyTest, 'expect'>): VerdictKind {
  return decide(policy, situationOf(about)).verdict.kind
}

test('deny beats ask beats rewrite beats allow, in whatever order the rules stand', () => {
  const rules: Rule[] = [
    { name: 'a', match: { tool: '*' }, then: 'allow' },
    { name: 'b', match: { tool: 'send_*' }, then: 'ask' },
    { name: 'c', match: { tool: 'send_money' }, then: 'block' },
  ]
  for (const order of [rules, rules.toReversed()]) {
    const policy = policyOf(order)
    assert.equal(verdict(policy, { tool: 'read' }), 'allow')
    assert.equal(verdict(policy, { tool: 'send_mail' }), 'ask')
    assert.equal(verdict(policy, { tool: 'send_money' }), 'block')
  }
})

test('what refuses cannot be dodged by spelling, and what allows cannot be won by it', () => {
  const deny = policyOf([{ name: 'no', match: { tool: 'send_*' }, then: 'block' }])
  assert.equal(verdict(deny, { tool: 'Send_Mail' }), 'block')
  const list = policyOf([{ name: 'yes', match: { tool: 'read_*' }, then: 'allow' }], { defaults: { request: 'block' } })
  assert.equal(verdict(list, { tool: 'read_file' }), 'allow')
  assert.equal(verdict(list, { tool: 'Read_File' }), 'block')
})

test('a failing condition counts as met for ask and block, and as not met for allow', () => {
  const when = "args.to.endsWith('@example.com')"
  assert.equal(verdict(policyOf([{ name: 'x', when, then: 'block' }]), { tool: 't', args: {} }), 'block')
  assert.equal(verdict(policyOf([{ name: 'x', when, then: 'ask' }]), { tool: 't', args: { to: 5 } }), 'ask')
  const allow = policyOf([{ name: 'x', when, then: 'allow' }], { defaults: { request: 'block' } })
  assert.equal(verdict(allow, { tool: 't', args: {} }), 'block')
  assert.equal(verdict(allow, { tool: 't', args: { to: 'a@example.com' } }), 'allow')
})

test('a rule about a call does not speak about its result unless it says so', () => {
  const policy = policyOf([{ name: 'x', match: { tool: 't' }, then: 'block' }])
  assert.equal(verdict(policy, { kind: 'tool.result', tool: 't' }), 'allow')
  const both = policyOf([{ name: 'x', match: { tool: 't', kind: ['tool.call', 'tool.result'] }, then: 'block' }])
  assert.equal(verdict(both, { kind: 'tool.result', tool: 't' }), 'block')
})

test('an expired allow rule is gone, an expired block rule stays', () => {
  const expires = '2026-06-01'
  const allow = policyOf([{ name: 'x', then: 'allow', expires }], { defaults: { request: 'block' } })
  assert.equal(verdict(allow, { tool: 't', at: '2026-05-31' }), 'allow')
  assert.equal(verdict(allow, { tool: 't', at: '2026-06-02' }), 'block')
  assert.equal(verdict(policyOf([{ name: 'x', then: 'block', expires }]), { tool: 't', at: '2027-01-01' }), 'block')
})

test('findings are cut where they can be, and blocked where they cannot', () => {
  const rules: Rule[] = [{ name: 'f', match: { findings: { severity: 'high' } }, then: 'rewrite' }]
  const finding = { rule: 'hidden-text/tags', severity: 'high', confidence: 'certain' } as const
  const fixed = decide(policyOf(rules), situationOf({ tool: 't', findings: [{ ...finding, fixable: true }] }))
  assert.deepEqual(fixed.verdict, { kind: 'rewrite', edits: [{ at: '', set: null }] })
  const mixed = [finding, { ...finding, fixable: true }]
  assert.equal(verdict(policyOf(rules), { tool: 't', findings: mixed }), 'block')
  assert.equal(verdict(policyOf([{ ...rules[0]!, otherwise: 'ask' }]), { tool: 't', findings: mixed }), 'ask')
})

test('an ask keeps the edits that other rules want', () => {
  const findings = [{ rule: 'hidden-text/tags', severity: 'high', confidence: 'certain', fixable: true }] as const
  const policy = policyOf([{ name: 'ask', match: { tool: 't', kind: 'tool.call' }, then: 'ask' }], { under: 'careful' })
  const decision = decide(policy, situationOf({ tool: 't', findings }))
  assert.deepEqual(decision.verdict, { kind: 'ask', edits: [{ at: '', set: null }] })
})

test('an allow rule waives a finding only by name, and its label goes with it', () => {
  const findings = [
    { rule: 'secrets/key', severity: 'critical', confidence: 'certain', labels: ['secret'] },
    { rule: 'injection/override', severity: 'high', confidence: 'likely' },
  ] as const
  const plain = policyOf([{ name: 'a', match: { tool: '*' }, then: 'allow' }], { under: 'careful' })
  assert.equal(verdict(plain, { tool: 'send', findings }), 'block')
  const waive = policyOf([{ name: 'a', match: { tool: '*' }, then: 'allow', waive: 'secrets/*' }], { under: 'careful' })
  const decision = decide(waive, situationOf({ tool: 'send', effects: ['send'], findings: [findings[0]] }))
  assert.equal(decision.verdict.kind, 'allow')
  assert.deepEqual(
    decision.waived?.map(({ rule }) => rule),
    ['secrets/key'],
  )
  assert.equal(verdict(waive, { tool: 'send', effects: ['send'], findings }), 'ask')
})

test('a rule of the preset is lifted by name where an allow rule says so, and nowhere else', () => {
  const policy = policyOf(
    [{ name: 'own notes', match: { server: 'notes' }, then: 'allow', lift: 'acts-after-untrusted' }],
    { under: 'careful' },
  )
  const about = { tool: 'write_note', labels: ['untrusted'] }
  assert.equal(verdict(policy, { ...about, server: 'notes' }), 'allow')
  assert.equal(verdict(policy, { ...about, server: 'mail' }), 'ask')
  assert.equal(verdict(policy, { ...about, server: 'notes', labels: ['untrusted', 'secret'] }), 'ask')
})

test('observe lets pass what it would have stopped and says what that was', () => {
  const policy = policyOf([{ name: 'x', then: 'block' }], { mode: 'observe' })
  const decision = decide(policy, situationOf({ tool: 't' }))
  assert.equal(decision.verdict.kind, 'allow')
  assert.equal(decision.wouldBe, 'block')
  assert.equal(decision.because[0]?.rule, 'policy:x')
})

test('lockdown stops every request of either side, known or not', () => {
  const policy = policyOf([{ name: 'x', then: 'allow' }], { mode: 'lockdown' })
  for (const about of [
    { tool: 't' },
    { method: 'ping' },
    { resource: 'file:///x' },
    { kind: 'sampling.request' },
  ] as const)
    assert.equal(verdict(policy, about), 'block')
  assert.equal(verdict(policy, { kind: 'tool.result', tool: 't' }), 'allow')
})

test('no mode, rule, waiver or default lets a message pass whose guard broke', () => {
  const broken = { rule: 'guard/failed', severity: 'critical', confidence: 'certain' } as const
  const rules: Rule[] = [{ name: 'x', then: 'allow', waive: ['*', 'guard/failed'] }]
  for (const mode of ['observe', 'enforce', 'lockdown'] as const)
    for (const kind of ['tool.call', 'tool.result', 'server.surface', 'notification'] as const) {
      const decision = decide(policyOf(rules, { mode }), situationOf({ kind, findings: [broken] }))
      assert.equal(decision.verdict.kind, 'block')
      assert.equal(decision.because[0]?.rule, 'invariant:guard-failed')
    }
})

test('a method that nobody knows is judged by its own default, a notification of that kind too', () => {
  const asking = policyOf([], { defaults: { unknown: 'ask' } })
  assert.equal(verdict(asking, { method: 'ping' }), 'allow')
  assert.equal(verdict(asking, { method: 'x/secret-channel' }), 'ask')
  assert.equal(verdict(asking, { kind: 'notification', method: 'x/hello' }), 'block')
  assert.equal(verdict(policyOf([], { defaults: { request: 'block' } }), { method: 'x/secret-channel' }), 'allow')
})

test('rules remembered for one route are never used for another, however its names are cut', () => {
  const rules: Rule[] = [{ name: 'x', match: { tool: 'a', method: 'b c', kind: 'error' }, then: 'block' }]
  const policy = policyOf(rules)
  const names = ['a', 'b', 'c', 'a b', 'b c', '', ' ', 'a b c', 'undefined', '\0', 'a\0b']
  for (let round = 0; round < 2; round++)
    for (const tool of [undefined, ...names])
      for (const method of names) {
        const wanted = tool === 'a' && method === 'b c' ? 'block' : 'allow'
        assert.equal(verdict(policy, { kind: 'error', method, ...(tool !== undefined && { tool }) }), wanted)
      }
})

test('a flood of names is decided right and forgotten', () => {
  const policy = policyOf([{ name: 'x', match: { tool: '*7' }, then: 'block' }])
  for (let i = 0; i < 5000; i++) assert.equal(verdict(policy, { tool: `t${i}` }), i % 10 === 7 ? 'block' : 'allow')
  assert.equal(verdict(policy, { tool: `${'x'.repeat(100_000)}7` }), 'block')
})

test('one more finding or label never loosens a decision', () => {
  const rulesOver = (lift: string): Rule[] => [
    { name: 'w', match: { tool: 'a*' }, when: "!('secret' in labels)", then: 'allow', waive: 'x/*', lift },
    { name: 'l', match: { tool: '*b', labels: 'u' }, then: 'ask' },
    { name: 'c', when: "findings.exists(f, f.rule == 'y/2')", then: 'ask' },
    { name: 'd', match: { tool: 'ab' }, when: 'size(labels) > 1', then: 'block' },
  ]
  const policies = (['allow', 'ask', 'block'] as const).flatMap(request => [
    policyOf(rulesOver('acts-after-untrusted'), { defaults: { request }, under: 'careful' }),
    policyOf(rulesOver('acts'), { defaults: { request }, under: 'strict' }),
  ])
  const finding: fc.Arbitrary<Finding> = fc.record(
    {
      rule: fc.constantFrom('x/1', 'y/2', 'z/3'),
      severity: fc.constantFrom(...severities),
      confidence: fc.constantFrom(...confidences),
      at: fc.constant(''),
      facts: fc.constant({}),
      labels: fc.subarray(['u', 'secret', 'untrusted']),
      fix: fc.constantFrom([], [{ at: '/x', set: 1 }]),
    },
    { requiredKeys: ['rule', 'severity', 'confidence', 'at', 'facts'] },
  )
  const inputs = [
    fc.constantFrom(...policies),
    fc.constantFrom('a', 'ab', 'b', 'send'),
    fc.array(finding),
    finding,
  ] as const
  fc.assert(
    fc.property(...inputs, (policy, tool, findings, more) => {
      const situation: Situation = { ...situationOf({ tool }), findings }
      const before = decide(policy, situation).verdict.kind
      const after = decide(policy, { ...situation, findings: [...findings, more] }).verdict.kind
      assert.ok(!isStricter(before, after), `${before} became ${after}`)
    }),
    { numRuns: 1500 },
  )
})

const injected = [{ rule: 'injection/override', severity: 'high', confidence: 'likely', fixable: true }] as const
const treat = (as: RewriteAs, rest: Partial<Rule> = {}): Rule => ({
  name: `treat-${as}`,
  match: { findings: { rule: 'injection/*' } },
  then: 'rewrite',
  as,
  ...rest,
})

test('treatments add up in whatever order their rules stand, and none takes away an edit or a stricter verdict', () => {
  const rules = [treat('annotate'), treat('withhold'), treat('frame'), treat('cut')]
  const about = { tool: 'fetch', kind: 'tool.result', findings: injected } as const
  for (const order of [rules, rules.toReversed()]) {
    const { verdict, treatments } = decide(policyOf(order), situationOf(about))
    assert.ok(verdict.kind === 'rewrite' && verdict.edits.length === 1)
    assert.deepEqual(treatments, ['annotate', 'frame', 'withhold'])
  }
  const strict: Rule = { name: 'no', match: { findings: { rule: 'injection/*' } }, then: 'block' }
  assert.equal(verdict(policyOf([...rules, strict]), about), 'block')
})

test('a treatment that a message has no room for is not passed over: it blocks, or does what otherwise says', () => {
  const about = { kind: 'elicitation.request', findings: injected } as const
  for (const as of ['annotate', 'frame', 'withhold'] as const) {
    assert.equal(verdict(policyOf([treat(as)]), about), 'block')
    assert.equal(verdict(policyOf([treat(as, { otherwise: 'ask' })]), about), 'ask')
  }
})

test('what is only observed is not treated', () => {
  const about = { tool: 'fetch', kind: 'tool.result', findings: injected } as const
  const decision = decide(policyOf([treat('withhold'), treat('mask')], { mode: 'observe' }), situationOf(about))
  assert.deepEqual([decision.verdict.kind, decision.treatments, decision.masks], ['allow', undefined, undefined])
})

test('a mask is a cut that says which edit shall leave a placeholder', () => {
  const about = { tool: 'fetch', kind: 'tool.result', findings: injected } as const
  const { verdict, masks } = decide(policyOf([treat('mask'), treat('cut')]), situationOf(about))
  assert.ok(verdict.kind === 'rewrite')
  assert.deepEqual(masks, [{ edit: verdict.edits[0], rule: 'injection/override' }])
})

test('as belongs to rewrite and unmask to allow, and a treatment says what it is about', () => {
  for (const rule of [
    { name: 'a', match: { findings: {} }, then: 'ask', as: 'cut' },
    { name: 'b', then: 'rewrite', as: 'frame' },
    { name: 'c', match: { kind: 'tool.result' }, then: 'rewrite', as: 'mask' },
    { name: 'd', match: { tool: 'x' }, then: 'block', unmask: 'secrets/*' },
  ] as const)
    assert.throws(() => policyOf([rule]), /belongs to|needs match/u, rule.name)
  assert.ok(policyOf([{ name: 'e', match: { kind: 'tool.result' }, then: 'rewrite', as: 'frame' }]))
})
