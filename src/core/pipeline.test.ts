import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { messageOf, play, sceneOf, sessionOf } from '../../test/situation.ts'
import type { Finding } from './finding.ts'
import { type Guard, guard, guardWithMemory } from './guard.ts'
import type { Json } from './json.ts'
import { inspect, pipelineOf } from './pipeline.ts'

const call = messageOf({ kind: 'tool.call', tool: 't', args: {} })
const note = (rule: string): Finding => ({ rule, severity: 'info', confidence: 'certain', at: '', facts: {} })
const blank = { title: '', threats: [], options: {} }
const finds = (id: string, isHeavy = false): Guard =>
  guard({ ...blank, id, reads: ['tool.call'], isHeavy, inspect: () => [note(`${id}/x`)] })
const view = { scene: sceneOf(), share: 'all' } as const

test('a guard that throws is a critical, certain finding, and the others are still heard', () => {
  const bad = guard({
    ...blank,
    id: 'bad',
    reads: ['tool.call'],
    inspect: () => {
      throw new RangeError('the secret is 1234')
    },
  })
  const { findings, memory } = inspect(pipelineOf([finds('a'), bad, finds('b')], { a: {}, bad: {}, b: {} }), call, view)
  assert.deepEqual(findings[1], {
    rule: 'guard/failed',
    severity: 'critical',
    confidence: 'certain',
    at: '',
    facts: { guard: 'bad', cause: 'RangeError' },
  })
  assert.deepEqual([findings.map(f => f.rule), memory], [['a/x', 'guard/failed', 'b/x'], {}])
})

test('a guard that throws something odd, or returns nothing, is found broken too', () => {
  const odd = [
    () => {
      throw 'text'
    },
    () => undefined as never,
    () =>
      (function* () {
        yield note('odd/partly')
        throw new Error('later')
      })() as never,
  ]
  for (const inspectOdd of odd) {
    const bad = guard({ ...blank, id: 'odd', reads: ['tool.call'], inspect: inspectOdd })
    const { findings } = inspect(pipelineOf([bad], { odd: {} }), call, view)
    assert.equal(findings.at(-1)?.rule, 'guard/failed')
  }
})

test('a message meets only the guards that read its kind', () => {
  const pipeline = pipelineOf([finds('a')], { a: {} })
  assert.equal(inspect(pipeline, call, view).findings.length, 1)
  assert.equal(inspect(pipeline, messageOf({ kind: 'resource.read', uri: 'x:/' }), view).findings.length, 0)
})

test('a guard switched off is not run, and one without settings stops the start', () => {
  assert.equal(inspect(pipelineOf([finds('a')], { a: false }), call, view).findings.length, 0)
  assert.throws(() => pipelineOf([finds('a')], {}), /guard a has no settings/u)
})

test('the light and the heavy half together are the whole', () => {
  const pipeline = pipelineOf([finds('a'), finds('h', true)], { a: {}, h: {} })
  const rules = (share: 'all' | 'light' | 'heavy') =>
    inspect(pipeline, call, { ...view, share }).findings.map(f => f.rule)
  assert.deepEqual([rules('light'), rules('heavy'), rules('all')], [['a/x'], ['h/x'], ['a/x', 'h/x']])
})

const remembers = guardWithMemory({
  ...blank,
  id: 'remembers',
  reads: ['tool.call'],
  start: [] as Json,
  inspect: ({ body }, { memory, scene }) => {
    const seen = Array.isArray(memory) ? memory : []
    const times = Number(scene.shared?.get(`remembers/${body.tool}`) ?? 0)
    const findings = seen.includes(body.tool) ? [note(`remembers/again-${times}`)] : []
    return { findings, memory: [...seen, body.tool].slice(-3), shared: { [body.tool]: times + 1 } }
  },
})

test('a recorded session judged again gives the same findings', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e')), tools => {
      const record = tools.map(tool => messageOf({ kind: 'tool.call', tool, args: {} }))
      const judge = () => record.map(message => playing(message))
      let playing = play(remembers)
      const first = judge()
      playing = play(remembers)
      assert.deepEqual(judge(), first)
    }),
  )
})

test('memory that did not change is not handed back; memory beyond the session bears the name of its guard', () => {
  const same = guardWithMemory({
    ...blank,
    id: 'same',
    reads: ['tool.call'],
    start: null as Json,
    inspect: (_, { memory }) => ({ findings: [], memory }),
  })
  const seen = inspect(pipelineOf([same, remembers], { same: {}, remembers: {} }), call, view)
  assert.deepEqual(seen, { findings: [], memory: { remembers: ['t'] }, shared: { 'remembers/t': 1 } })
})

test('a guard reads its own memory and no other', () => {
  const spy = guardWithMemory({
    ...blank,
    id: 'spy',
    reads: ['tool.call'],
    start: 'start' as Json,
    inspect: (_, { memory }) => ({ findings: [note(`spy/${memory}`)], memory }),
  })
  const scene = sceneOf({ session: sessionOf({ memory: { other: 'theirs' } }) })
  assert.equal(inspect(pipelineOf([spy], { spy: {} }), call, { scene, share: 'all' }).findings[0]?.rule, 'spy/start')
})
