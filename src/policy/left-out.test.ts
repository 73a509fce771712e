import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { messageOf } from '../../test/situation.ts'
import { applyEdits } from '../core/edit.ts'
import { confidences, type Finding } from '../core/finding.ts'
import type { Body } from '../core/message.ts'
import { isStricter } from '../core/verdict.ts'
import { compilePolicy, type Policy } from './compile.ts'
import { loadConditions } from './condition.ts'
import { decide } from './decide.ts'
import type { Situation } from './facts.ts'
import { leftOut } from './left-out.ts'
import { presetSource } from './preset.ts'
import type { Mode, Rule } from './rule.ts'
import { situationOf } from './situation.ts'

const conditions = await loadConditions()

const tools: Body = { kind: 'server.surface', part: 'tools', items: [{ name: 'a' }, { name: 'b' }] }
const hello: Body = { kind: 'server.surface', part: 'server', items: [{ instructions: 'x' }] }
const answer: Body = { kind: 'tool.result', tool: 'a', args: {}, result: { content: [] } }
const at = (place: string): Finding => ({
  ...{ rule: 'x/y', severity: 'high', confidence: 'likely', facts: {} },
  at: place,
})

test('a finding in an item of a list takes out that item, however deep it stands', () => {
  for (const place of [
    '/result/tools/1',
    '/result/tools/1/description',
    '/result/tools/1/inputSchema/properties/tools/2',
  ])
    assert.deepEqual(leftOut(messageOf(tools), at(place)), { at: '/result/tools/1', remove: true })
})

test('a finding in the instructions of a handshake takes out the instructions', () => {
  const edit = leftOut(messageOf(hello), at('/result/instructions'))
  assert.deepEqual(edit, { at: '/result/instructions', remove: true })
})

test('a finding that stands in no item stops the message', () => {
  for (const place of [
    '',
    '/result',
    '/result/tools',
    '/result/nextCursor',
    '/result/tools/x',
    '/result/_meta/tools/1',
  ])
    assert.equal(leftOut(messageOf(tools), at(place)), undefined, place)
  for (const place of ['/result/serverInfo/name', '/result/instructions/0', '/result/tools/0'])
    assert.equal(leftOut(messageOf(hello), at(place)), undefined, place)
})

test('only lists and handshakes can go on without a part: of an answer nothing is left out this way', () => {
  assert.equal(leftOut(messageOf(answer), at('/result/tools/0')), undefined)
})

type Placed = Parameters<typeof compilePolicy>[0]['rules']
const own = (rules: readonly Rule[]): Placed => rules.map((rule, index) => ({ rule, layer: 'user' as const, index }))

function policyOf(rules: Placed, mode: Mode = 'enforce'): Policy {
  const defaults = { request: 'allow', unknown: 'allow', harmless: ['ping'] } as const
  const compiled = compilePolicy({ mode, defaults, rules }, conditions)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  return compiled.policy
}

const inTool = (at: string, confidence: Finding['confidence'] = 'likely'): Finding => ({
  ...{ rule: 'x/y', severity: 'high', confidence, at, facts: {} },
})
const twoTools = messageOf(tools)
function listed(findings: readonly Finding[]): Situation {
  const { message, ...rest } = situationOf({ kind: 'server.surface' })
  const { body, root, payload } = twoTools
  return { ...rest, message: { ...message, body, root, payload }, findings }
}

test('what a rule stops in one tool takes that tool out of the list, and leaves the others there', () => {
  for (const then of ['ask', 'block'] as const) {
    const policy = policyOf(own([{ name: 'x', match: { findings: { severity: 'high' } }, then }]))
    const found = [inTool('/result/tools/1/description'), inTool('/result/tools/1/inputSchema/properties/p')]
    assert.deepEqual(decide(policy, listed(found)).verdict, {
      kind: 'rewrite',
      edits: [{ at: '/result/tools/1', remove: true }],
    })
    assert.equal(decide(policy, listed([...found, inTool('/result')])).verdict.kind, then)
  }
})

test('a rule that stops a list for any other reason than what was found in its items stops it whole', () => {
  const rules: Rule[] = [
    { name: 'found', match: { findings: { severity: 'high' } }, then: 'ask' },
    { name: 'server', match: { kind: 'server.surface' }, then: 'block' },
  ]
  assert.equal(decide(policyOf(own(rules)), listed([inTool('/result/tools/0')])).verdict.kind, 'block')
})

test('one more finding in a list never brings a tool back, and never loosens the verdict', () => {
  const places = ['/result/tools/0', '/result/tools/1/description', '/result/tools/2', '/result', '']
  const finding = fc.record({ at: fc.constantFrom(...places), confidence: fc.constantFrom(...confidences) })
  const policy = policyOf(presetSource('careful').rules)
  const left = (findings: readonly Finding[]) => {
    const { verdict } = decide(policy, listed(findings))
    return { kind: verdict.kind, places: 'edits' in verdict ? verdict.edits.map(({ at }) => at) : [] }
  }
  fc.assert(
    fc.property(fc.array(finding, { maxLength: 4 }), finding, (some, one) => {
      const found = some.map(({ at, confidence }) => inTool(at, confidence))
      const [before, after] = [left(found), left([...found, inTool(one.at, one.confidence)])]
      assert.ok(!isStricter(before.kind, after.kind))
      if (after.kind === 'rewrite') for (const at of before.places) assert.ok(after.places.includes(at))
    }),
  )
})

test('what is only observed leaves every tool in its list', () => {
  const policy = policyOf(own([{ name: 'x', match: { findings: { severity: 'high' } }, then: 'block' }]), 'observe')
  assert.deepEqual(decide(policy, listed([inTool('/result/tools/1')])).verdict, { kind: 'allow' })
})

test('a tool that is left out does not move what is cut in the others', () => {
  const policy = policyOf(
    own([
      { name: 'out', match: { findings: { rule: 'x/*' } }, then: 'block' },
      { name: 'cut', match: { findings: { rule: 'z/*' } }, then: 'rewrite' },
    ]),
  )
  const cut: Finding = {
    ...inTool('/result/tools/1/name'),
    rule: 'z/z',
    fix: [{ at: '/result/tools/1/name', set: 'c' }],
  }
  const { verdict } = decide(policy, listed([inTool('/result/tools/0'), cut]))
  assert.ok(verdict.kind === 'rewrite')
  const shown = { result: { tools: [{ name: 'a' }, { name: 'b' }] } }
  assert.deepEqual(applyEdits(shown, verdict.edits), { result: { tools: [{ name: 'c' }] } })
})
