import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf, play, sceneOf } from '../../test/situation.ts'
import { masking } from './masking.ts'

test('a finding counts placeholders and names the rule, never the placeholder or the value', () => {
  const masks = [{ at: '/params/arguments/a', span: [0, 50], rule: 'secrets/github-token' }] as const
  const [finding] = play(masking, { scene: sceneOf({ masks }) })(messageOf({ kind: 'tool.call', tool: 't', args: {} }))
  assert.deepEqual(finding, {
    ...{ rule: 'masking/placeholder', severity: 'info', confidence: 'certain', at: '/params/arguments/a' },
    ...{ span: [0, 50], facts: { count: 1, of: 'secrets/github-token' } },
  })
})
