import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { effects } from '../core/capability.ts'
import { confidences, severities } from '../core/finding.ts'
import { isStricter } from '../core/verdict.ts'
import { decide } from './decide.ts'
import { presetNames, presetPolicy } from './preset.ts'
import { runPolicyTests } from './rehearse.ts'
import type { PolicyTest } from './rule.ts'
import { situationOf } from './situation.ts'

for (const name of presetNames) {
  test(`every case written into ${name} is decided as it says`, () => {
    const rehearsals = runPolicyTests(presetPolicy(name))
    assert.ok(rehearsals.length >= 5)
    assert.deepEqual(
      rehearsals.filter(one => !one.isAsExpected),
      [],
    )
  })

  test(`every rule of ${name} carries a case that it decides`, () => {
    for (const { rule } of presetPolicy(name).rules) assert.ok((rule.tests ?? []).some(one => one.expect !== 'allow'))
  })
}

const about: fc.Arbitrary<Omit<PolicyTest, 'expect'>> = fc.record(
  {
    kind: fc.constantFrom('tool.call', 'tool.result', 'sampling.request', 'other', 'notification', 'server.surface'),
    tool: fc.constantFrom('read_file', 'send_mail', 'frobnicate', 'delete_all'),
    method: fc.constantFrom('ping', 'x/unknown', 'notifications/progress'),
    effects: fc.subarray([...effects]),
    labels: fc.subarray(['untrusted', 'secret', 'sensitive']),
    findings: fc.array(
      fc.record({
        rule: fc.constantFrom('a/b', 'hidden-text/tags', 'guard/failed'),
        severity: fc.constantFrom(...severities),
        confidence: fc.constantFrom(...confidences),
        fixable: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
)

test('watch, careful and strict are ordered: what one stops, the next stops as well', () => {
  const [watch, careful, strict] = presetNames.map(presetPolicy)
  assert.ok(watch && careful && strict)
  fc.assert(
    fc.property(about, what => {
      const [loose, middle, tight] = [watch, careful, strict].map(one => decide(one, situationOf(what)).verdict.kind)
      assert.ok(loose && middle && tight)
      assert.ok(!isStricter(loose, middle) && !isStricter(middle, tight), `${loose} ${middle} ${tight}`)
    }),
    { numRuns: 2000 },
  )
})

test('watch lets pass what careful would stop, and says so', () => {
  const decision = decide(presetPolicy('watch'), situationOf({ tool: 'send_mail', labels: ['untrusted'] }))
  assert.equal(decision.verdict.kind, 'allow')
  assert.equal(decision.wouldBe, 'ask')
})

test('a sensitive action after an untrusted answer or a secret is a question for a person', () => {
  for (const effect of effects.filter(one => one !== 'read'))
    for (const label of ['untrusted', 'secret']) {
      const what = { tool: 'tool', effects: [effect], labels: [label] }
      assert.equal(decide(presetPolicy('careful'), situationOf(what)).verdict.kind, 'ask')
    }
})

test('a decision under a preset loads no YAML, no schema library and no expression engine', () => {
  const script = `
    import { registerHooks } from 'node:module'
    const seen = []
    registerHooks({ resolve(name, context, next) { if (!name.startsWith('node:')) seen.push(name); return next(name, context) } })
    const { presetPolicy } = await import('${new URL('./preset.ts', import.meta.url)}')
    const { decide } = await import('${new URL('./decide.ts', import.meta.url)}')
    const { situationOf } = await import('${new URL('./situation.ts', import.meta.url)}')
    decide(presetPolicy('careful'), situationOf({ tool: 'x' }))
    console.log(JSON.stringify(seen.filter(name => !name.startsWith('.') && !name.startsWith('file:'))))`
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  assert.equal(run.stdout.trim(), '[]', run.stderr)
})
