import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { fc } from '../../test/property.ts'
import { messageOf, play, sceneOf, toolOf } from '../../test/situation.ts'
import type { Json } from '../core/json.ts'
import { defaultsOf } from '../core/option.ts'
import { inspect, pipelineOf } from '../core/pipeline.ts'
import { loops } from './loops.ts'

const scene = sceneOf({ tool: toolOf({ name: 'read_x' }) })
const call = (tool: string, args: Json, atMs = 0) => messageOf({ kind: 'tool.call', tool, args }, { atMs })
const rules = (found: readonly { rule: string }[]) => found.map(({ rule }) => rule)

test(
  'a call that repeats itself without end is stopped, and stays stopped while it goes on',
  proves('T6.loops'),
  () => {
    const judge = play(loops, { scene })
    const found = Array.from({ length: 30 }, (_, i) => rules(judge(call('a', { path: 'x' }, i * 100))))
    assert.deepEqual(found.slice(0, 10).flat(), [])
    assert.ok(found.slice(10).every(([rule]) => rule === 'loops/repeat'))
  },
)

test('a circle is found for every length up to eight, wherever it begins', () => {
  for (let length = 2; length <= 8; length++) {
    const judge = play(loops, { scene })
    judge(call('before', {}))
    const found = Array.from({ length: length * 4 }, (_, i) => rules(judge(call(`t${i % length}`, {}))))
    assert.deepEqual(found.slice(0, -1).flat(), [], String(length))
    assert.deepEqual(found.at(-1), ['loops/cycle'], String(length))
  }
})

test('calls that differ are never a repeat or a circle', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 60 }), paths => {
      const judge = play(loops, { scene })
      for (const path of paths) assert.deepEqual(judge(call('a', { path })), [])
    }),
  )
})

test("a chain of deeds ends without a person's yes, and begins anew with it", proves('T4.chain'), () => {
  const judge = play(loops, { scene: sceneOf({ tool: toolOf({ name: 'send' }) }), options: { deedsMax: 5 } })
  const send = (n: number, approvedMs = 0) => rules(judge(call('send', { n }, n * 1_000), { approvedMs }))
  assert.deepEqual(
    Array.from({ length: 7 }, (_, n) => send(n)),
    [[], [], [], [], [], ['loops/deeds'], ['loops/deeds']],
  )
  assert.deepEqual(Array.from({ length: 6 }, (_, n) => send(n + 7, 6_500)).flat(), ['loops/deeds'])
})

test('what is remembered does not grow', () => {
  const pipeline = pipelineOf([loops], { loops: defaultsOf(loops.options) })
  let memory: Readonly<Record<string, Json>> = {}
  for (let i = 0; i < 1_000; i++) {
    const view = { scene: { ...scene, session: { ...scene.session, memory } }, share: 'all' } as const
    memory = inspect(pipeline, call(`t${i}`, { i, text: 'x'.repeat(1_000) }), view).memory
  }
  assert.ok(JSON.stringify(memory).length < 4_000)
})
