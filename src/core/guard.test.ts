import assert from 'node:assert/strict'
import test from 'node:test'
import { messageOf, play } from '../../test/situation.ts'
import type { Finding } from './finding.ts'
import { guard, guardWithMemory } from './guard.ts'
import { option } from './option.ts'

const call = messageOf({ kind: 'tool.call', tool: 't', args: { a: 1 } })
const finding = (rule: string, n: number): Finding => ({
  rule,
  severity: 'low',
  confidence: 'certain',
  at: '',
  facts: { n },
})

test('a guard sees the message and its own options', () => {
  const g = guard({
    id: 'sees',
    title: '',
    threats: [],
    reads: ['tool.call'],
    options: { limit: option.number({ about: '', default: 3, min: 0, max: 9 }) },
    inspect: (message, { options }) => [finding(`sees/${message.body.tool}`, options.limit)],
  })
  assert.deepEqual(play(g)(call), [finding('sees/t', 3)])
  assert.deepEqual(play(g, { options: { limit: 7 } })(call), [finding('sees/t', 7)])
})

test('a guard with memory is a fold: what it returns is what it gets next', () => {
  const g = guardWithMemory({
    id: 'counts',
    title: '',
    threats: [],
    reads: ['tool.call'],
    options: {},
    start: 0 as number,
    inspect: (_, { memory }) => ({ findings: [finding('counts/n', memory)], memory: memory + 1 }),
  })
  const judge = play(g)
  assert.deepEqual(
    [judge(call), judge(call), judge(call)].flat().map(f => f.facts['n']),
    [0, 1, 2],
  )
})
