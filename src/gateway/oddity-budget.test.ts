import assert from 'node:assert/strict'
import test from 'node:test'
import type { ServerName } from '../core/brand.ts'
import type { WireOddity } from '../wire/link.ts'
import { oddityBudget } from './oddity-budget.ts'

const broken: WireOddity = { code: 'not-json', detail: 'no', sample: '' }

test('a flood of one kind is cut short and counted, and keeps no other kind or server from being told', () => {
  const told: string[] = []
  let nowMs = 0
  const report = oddityBudget(
    (server, { code, detail }) => void told.push(`${server} ${code}: ${detail}`),
    () => nowMs,
  )
  for (let i = 0; i < 1000; i++) report('a' as ServerName, broken)
  assert.equal(told.length, 20)
  report('b' as ServerName, broken)
  report('a' as ServerName, { ...broken, code: 'too-long' })
  report(undefined, broken)
  assert.equal(told.length, 23)
  nowMs = 10_000
  report('a' as ServerName, broken)
  assert.equal(told.at(-1), 'a not-json: no, after 980 more that were not kept')
})
