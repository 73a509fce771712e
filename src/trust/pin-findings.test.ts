import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf } from '../../test/situation.ts'
import type { Finding } from '../core/finding.ts'
import { foundIn } from './pin-findings.ts'
import { sightOf } from './surface-item.ts'

const message = messageOf({ kind: 'server.surface', part: 'tools', items: [{ name: 'a' }, { name: 'b' }] })
const sight = sightOf(message) ?? assert.fail()
const finding = (rule: string, at: string, rest: Partial<Finding> = {}): Finding => ({
  rule,
  at,
  severity: 'high',
  confidence: 'likely',
  facts: {},
  ...rest,
})
const found = (...findings: Finding[]) => foundIn(sight, message, findings).map(one => one.found)

test('a finding counts against the item that it was found in, anything vaguer against all', () => {
  assert.deepEqual(found(finding('injection/x', '/result/tools/1/description')), [[], ['injection/x']])
  assert.deepEqual(found(finding('guard/failed', '')), [['guard/failed'], ['guard/failed']])
  assert.deepEqual(found(finding('injection/x', '/result/nextCursor')), [['injection/x'], ['injection/x']])
})

test('weak findings, and findings about who and how much, count against nothing', () => {
  const at = '/result/tools/0'
  assert.deepEqual(
    found(
      finding('injection/x', at, { severity: 'medium' }),
      finding('injection/x', at, { confidence: 'possible' }),
      finding('allowlist/hidden', at),
      finding('pins/new', at),
    ),
    [[], []],
  )
})
