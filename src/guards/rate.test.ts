import assert from 'node:assert/strict'
import test from 'node:test'
import { proves } from '../../test/guide/proves.ts'
import { fc } from '../../test/property.ts'
import { messageOf, play, sceneOf, toolOf } from '../../test/situation.ts'
import type { Principal, ServerName } from '../core/brand.ts'
import type { Json } from '../core/json.ts'
import { defaultsOf } from '../core/option.ts'
import { inspect, pipelineOf } from '../core/pipeline.ts'
import { rate } from './rate.ts'

const tool = toolOf({ name: 't' })
const call = (atMs: number, rest: { principal?: Principal; server?: ServerName } = {}) =>
  messageOf({ kind: 'tool.call', tool: 't', args: {} }, { atMs, ...rest })
const scopes = (judge: ReturnType<typeof play>, message: ReturnType<typeof call>, session = {}) =>
  judge(message, session).map(({ facts }) => facts['scope'])
const options = { sessionPerMinute: 10, principalPerMinute: 20, serverPerMinute: 30, toolPerMinute: 15 }
const player = (own = {}) => play(rate, { scene: sceneOf({ tool }), options: { ...options, ...own } })

test('session, principal, server and tool each have a rate of their own', proves('T6.rate'), () => {
  const calls = (n: number, own: object, rest = {}) => {
    const judge = player({
      sessionPerMinute: 99,
      principalPerMinute: 99,
      serverPerMinute: 99,
      toolPerMinute: 99,
      ...own,
    })
    return Array.from({ length: n }, () => scopes(judge, call(0, rest))).flat()
  }
  assert.deepEqual(calls(11, { sessionPerMinute: 10 }), ['session'])
  assert.deepEqual(calls(11, { principalPerMinute: 10 }), ['principal'])
  assert.deepEqual(calls(11, { serverPerMinute: 10 }), ['server'])
  assert.deepEqual(calls(11, { toolPerMinute: 10 }), ['tool'])
})

test('a new session does not give a principal a new rate, and one principal does not use up that of another', () => {
  const judge = player()
  for (let i = 0; i < 10; i++) scopes(judge, call(0), { memory: {} })
  assert.deepEqual(Array.from({ length: 5 }, () => scopes(judge, call(0), { memory: {} })).flat(), [])
  assert.deepEqual(scopes(judge, call(0), { memory: {} }), ['tool'])
  assert.deepEqual(scopes(judge, call(0, { principal: 'bob' as Principal }), { memory: {} }), [])
})

test('the finding says when to try again, and then there is room', () => {
  const judge = player()
  for (let i = 0; i < 10; i++) judge(call(0))
  const [finding] = judge(call(0))
  assert.deepEqual(finding?.facts, { scope: 'session', perMinute: 10, retryInMs: 6_000 })
  assert.equal(judge(call(5_999)).length, 1)
  assert.equal(judge(call(6_000)).length, 0)
})

test('in no minute do more calls pass than twice the rate, however they are spread', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5_000), { maxLength: 120 }), gaps => {
      const judge = player()
      let atMs = 0
      const passed = gaps.flatMap(gap => {
        atMs += gap
        return judge(call(atMs)).length === 0 ? [atMs] : []
      })
      for (const from of passed) assert.ok(passed.filter(ms => ms >= from && ms < from + 60_000).length <= 20)
    }),
  )
})

test('a clock that jumps back gives nothing away and breaks nothing', () => {
  const judge = player()
  for (let i = 0; i < 10; i++) judge(call(1_000_000))
  assert.equal(judge(call(5)).length, 1)
  assert.equal(judge(call(1_006_000)).length, 0)
})

test('names of tools that do not exist fill no memory that others share', () => {
  const pipeline = pipelineOf([rate], { rate: defaultsOf(rate.options) })
  const keys = new Set<string>()
  for (let i = 0; i < 100; i++) {
    const message = messageOf({ kind: 'tool.call', tool: `made-up-${i}`, args: {} })
    for (const key of Object.keys(inspect(pipeline, message, { scene: sceneOf(), share: 'all' }).shared)) keys.add(key)
  }
  assert.deepEqual([...keys], ['rate/principal/ann', 'rate/server/files', 'rate/tool/ann/files/'])
})

test('a memory that was tampered with counts as none and is replaced', () => {
  const scene = sceneOf({ tool, shared: new Map<string, Json>([['rate/principal/ann', 'x']]) })
  assert.deepEqual(play(rate, { scene, options })(call(0)), [])
})
