import assert from 'node:assert/strict'
import test from 'node:test'
import { presets } from '../policy/presets.generated.ts'
import { ruleSchema } from './policy-schema.ts'

test('every rule of every preset is a rule as users write them', () => {
  for (const { rules } of Object.values(presets))
    for (const rule of rules) assert.deepEqual(ruleSchema.parse(rule), rule)
})

test('a rule must have a name and an end, and nothing that is not known', () => {
  assert.ok(ruleSchema.safeParse({ name: 'a', then: 'ask' }).success)
  for (const rule of [
    ...[{ name: 'a' }, { then: 'ask' }, { name: '', then: 'ask' }, { name: 'a', then: 'deny' }],
    ...[
      { name: 'a', then: 'ask', match: { tools: 'x' } },
      { name: 'a', then: 'ask', match: { effect: 'reed' } },
    ],
    ...[
      { name: 'a', then: 'ask', match: { tool: [] } },
      { name: 'a', then: 'ask', when: '' },
    ],
    { name: 'a', then: 'ask', tests: [{ tool: 'x', expects: 'ask' }] },
  ])
    assert.ok(!ruleSchema.safeParse(rule).success, JSON.stringify(rule))
})
