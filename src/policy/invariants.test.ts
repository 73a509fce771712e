import assert from 'node:assert/strict'
import test from 'node:test'
import type { Principal, SessionId, Tenant } from '../core/brand.ts'
import { decide } from './decide.ts'
import type { Situation } from './facts.ts'
import { brokenInvariants, findingsMax } from './invariants.ts'
import { presetPolicy } from './preset.ts'
import { situationOf } from './situation.ts'

const harmless = situationOf({ tool: 'read_file' })
const finding = { rule: 'x/y', severity: 'info', confidence: 'possible', at: '', facts: {} } as const

const broken: Readonly<Record<string, Situation>> = {
  'guard-failed': { ...harmless, findings: [{ ...finding, rule: 'guard/failed' }] },
  'findings-flood': { ...harmless, findings: Array(findingsMax + 1).fill(finding) },
  nobody: {
    ...harmless,
    message: { ...harmless.message, principal: '' as Principal },
    scene: { ...harmless.scene, session: { ...harmless.scene.session, principal: '' as Principal } },
  },
  'foreign-task': { ...harmless, scene: { ...harmless.scene, isForeignTask: true } },
  'foreign-session': { ...harmless, message: { ...harmless.message, principal: 'mallory' as Principal } },
  'no-clock': { ...harmless, message: { ...harmless.message, atMs: Number.NaN } },
}

test('an ordinary message breaks none', () => {
  assert.deepEqual(brokenInvariants(harmless), [])
})

for (const [name, situation] of Object.entries(broken))
  test(`${name} blocks under every preset and mode, also where nothing else is enforced`, () => {
    for (const preset of ['watch', 'careful', 'strict'] as const) {
      const decision = decide(presetPolicy(preset), situation)
      assert.equal(decision.verdict.kind, 'block')
      assert.deepEqual(
        decision.because.map(({ rule }) => rule),
        [`invariant:${name}`],
      )
    }
  })

test('a session of another tenant or of another id is foreign too', () => {
  for (const other of [{ tenant: 'other' as Tenant }, { session: 'other' as SessionId }])
    assert.equal(brokenInvariants({ ...harmless, message: { ...harmless.message, ...other } }).length, 1)
})
