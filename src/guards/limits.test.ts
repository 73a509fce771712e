import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { messageOf, play } from '../../test/situation.ts'
import { applyEdits } from '../core/edit.ts'
import type { Json } from '../core/json.ts'
import { limits } from './limits.ts'

const judge = play(limits)
const call = (args: Json) => messageOf({ kind: 'tool.call', tool: 't', args })

test(
  'numbers, list sizes and depth have bounds, and the finding says which value is too large',
  proves('V.bounds'),
  () => {
    let deep: Json = 1
    for (let i = 0; i < 100; i++) deep = [deep]
    const found = [
      ...judge(call({ a: { n: [0, -(2 ** 60)] } })),
      ...judge(call({ a: { list: Array.from({ length: 10_001 }, () => 0) } })),
      ...judge(call({ deep })),
    ]
    assert.deepEqual(
      found.map(({ rule, at, facts }) => [rule, at, facts['is']]),
      [
        ['limits/number', '/params/arguments/a/n/1', 2 ** 60],
        ['limits/items', '/params/arguments/a/list', 10_001],
        ['limits/depth', '/params', 102],
      ],
    )
  },
)

test('a number that overflows is told as a number', () => {
  const [finding] = judge(call(JSON.parse('{"n": 1e999}') as Json))
  assert.equal(finding?.facts['is'], Number.MAX_VALUE)
})

test('a list with too many or too large tools is shown without them', () => {
  const items = Array.from({ length: 1_002 }, (_, i) => ({
    name: `t${i}`,
    description: i === 1 ? 'x'.repeat(70_000) : '',
  }))
  const message = messageOf({ kind: 'server.surface', part: 'tools', items })
  const fix = judge(message).flatMap(finding => finding.fix ?? [])
  const after = applyEdits({ result: message.payload }, fix) as { result: { tools: { name: string }[] } }
  assert.deepEqual([after.result.tools.length, after.result.tools[1]?.name], [999, 't2'])
})

test('so many tools that removing them would take too long have no fix, so that the list is refused', () => {
  const items = Array.from({ length: 30_000 }, () => ({ name: 'a' }))
  assert.equal(judge(messageOf({ kind: 'server.surface', part: 'tools', items }))[0]?.fix, undefined)
})

test('a value deeper than any stack is a finding', () => {
  let deep: Json = 1
  for (let i = 0; i < 100_000; i++) deep = [deep]
  const message = messageOf({ kind: 'other', method: 'x/y', phase: 'request', value: null })
  assert.deepEqual(
    judge({ ...message, payload: { deep } }).map(({ rule }) => rule),
    ['limits/depth'],
  )
})
