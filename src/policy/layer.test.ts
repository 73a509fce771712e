import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { isStricter } from '../core/verdict.ts'
import { compilePolicy } from './compile.ts'
import { decide } from './decide.ts'
import { joinLayers, type PolicyLayer } from './layer.ts'
import type { Rule } from './rule.ts'
import { situationOf } from './situation.ts'

function refused(...layers: readonly PolicyLayer[]): string[] {
  return joinLayers(layers).problems.map(({ layer, path, text }) => `${layer} ${path.join('.')}: ${text}`)
}

test('a user alone may loosen, a project never', () => {
  const loose = { mode: 'observe', preset: 'watch', rules: [{ name: 'a', then: 'allow' }] } as const
  assert.deepEqual(refused({ layer: 'user', ...loose }), [])
  assert.deepEqual(
    refused({ layer: 'project', ...loose }).map(line => line.split(':')[0]),
    ['project mode', 'project preset', 'project policy.0.then'],
  )
})

test('a user under an organisation only tightens, in whatever order the files came', () => {
  const organisation: PolicyLayer = { layer: 'organisation', mode: 'enforce', preset: 'careful', rules: [] }
  const user: PolicyLayer = { layer: 'user', mode: 'observe', rules: [{ name: 'a', then: 'allow', waive: '*' }] }
  assert.equal(refused(organisation, user).length, 2)
  assert.equal(refused(user, organisation).length, 2)
  const stricter: PolicyLayer = {
    layer: 'user',
    mode: 'lockdown',
    preset: 'strict',
    rules: [{ name: 'a', then: 'block' }],
  }
  assert.deepEqual(refused(organisation, stricter), [])
})

test('defaults may be made stricter, and known methods only fewer', () => {
  const project: PolicyLayer = {
    layer: 'project',
    defaults: { request: 'ask', unknown: 'block', harmless: ['ping'] },
    rules: [],
  }
  assert.deepEqual(refused(project), [])
  const user: PolicyLayer = { layer: 'user', defaults: { request: 'block' }, rules: [] }
  assert.match(
    refused(user, { layer: 'project', defaults: { request: 'ask' }, rules: [] })[0] ?? '',
    /defaults\.request/u,
  )
  assert.match(
    refused({ layer: 'project', defaults: { harmless: ['evil/*'] }, rules: [] })[0] ?? '',
    /harmless\.0: adds evil/u,
  )
})

test('a project cannot make every call dear: its rules and conditions are counted', () => {
  const rules = (count: number, when: Partial<Rule>): Rule[] =>
    Array.from({ length: count }, (_, i) => ({ name: `r${i}`, then: 'ask', ...when }))
  assert.deepEqual(refused({ layer: 'project', rules: rules(100, {}) }), [])
  assert.match(
    refused({ layer: 'project', rules: rules(101, {}) })[0] ?? '',
    /policy\.100: a project may have 100 rules/u,
  )
  assert.match(
    refused({ layer: 'project', rules: rules(21, { when: 'true' }) })[0] ?? '',
    /policy\.20: a project may have 20/u,
  )
})

test('what a lower layer may say never loosens any decision', () => {
  const rule = fc.record(
    {
      name: fc.constantFrom('a', 'b', 'c'),
      match: fc.record(
        { tool: fc.constantFrom('send*', '*', 'read'), labels: fc.constantFrom('x', 'y') },
        { requiredKeys: [] },
      ),
      then: fc.constantFrom('allow', 'ask', 'block'),
    },
    { requiredKeys: ['name', 'then'] },
  )
  const layer = (name: PolicyLayer['layer']) =>
    fc.record(
      {
        layer: fc.constant(name),
        mode: fc.constantFrom('observe', 'enforce', 'lockdown'),
        preset: fc.constantFrom('watch', 'careful', 'strict'),
        defaults: fc.record({ request: answer, unknown: answer }, { requiredKeys: [] }),
        rules: fc.uniqueArray(rule, { selector: ({ name }: Rule) => name, maxLength: 3 }),
      },
      { requiredKeys: ['layer', 'rules'] },
    )
  const answer = fc.constantFrom('allow', 'ask', 'block')
  const about = fc.record(
    {
      tool: fc.constantFrom('send', 'read'),
      labels: fc.subarray(['x', 'y', 'untrusted']),
      method: fc.constant('odd/one'),
    },
    { requiredKeys: [] },
  )
  let compared = 0
  fc.assert(
    fc.property(layer('user'), layer('project'), about, (user, project, what) => {
      const [above, both] = [joinLayers([user]), joinLayers([user, project])]
      const [one, two] = [compilePolicy(above.source), compilePolicy(both.source)]
      if (both.problems.length > 0 || !one.ok || !two.ok) return
      compared++
      const before = decide(one.policy, situationOf(what)).verdict.kind
      const after = decide(two.policy, situationOf(what)).verdict.kind
      assert.ok(!isStricter(before, after), `${before} became ${after}`)
    }),
    { numRuns: 3000 },
  )
  assert.ok(compared > 100)
})
