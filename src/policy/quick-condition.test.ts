import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import type { Effect } from '../core/capability.ts'
import { conditionInputOf, isReadable, loadConditions, nodesMax } from './condition.ts'
import { viewOf } from './consider.ts'
import { factsOf } from './facts.ts'
import type { PolicyTest } from './rule.ts'
import { situationOf } from './situation.ts'

const compile = await loadConditions()
type About = Omit<PolicyTest, 'expect'>

function bothWays(source: string, about: About) {
  const made = compile(source, 'block')
  if (!made.ok) return undefined
  const situation = situationOf(about)
  const facts = factsOf(situation)
  const view = viewOf(situation)
  const isReadableAll = made.quick?.reads.every(view.isReadable) === true
  return {
    quick: isReadableAll ? made.quick?.holds(facts) : undefined,
    engine: made.condition(conditionInputOf(facts, situation)),
  }
}

const keys = ['a', 'b', 'to', '__proto__', 'constructor']
const words = ['', 'a', 'x@example.com', '/etc/passwd', 'ſ', '😀', 'send', 'secret']
const value = fc.letrec<{ json: unknown }>(tie => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...words),
    fc.constantFrom(0, 1, -1, 1.5, 1e21, 9_007_199_254_740_991, true, false, null),
    fc.dictionary(fc.constantFrom(...keys), tie('json'), { maxKeys: 3 }),
    fc.array(tie('json'), { maxLength: 3 }),
  ),
})).json

const quoted = fc.constantFrom(...words.map(word => JSON.stringify(word)))
const simple = fc.oneof(
  quoted,
  fc.constantFrom('0', '1', '1.0', '1.5', '5u', '-1', '9007199254740993', 'true', 'false', 'null'),
  fc.constantFrom('server', 'tool', 'method', 'kind', 'from', 'principal', 'role', 'nowMs', 'args', 'result'),
  fc.constantFrom('args.a', 'args.b', 'args.to', 'args.a.b', 'args["a"]', 'result.a', 'size(args)'),
)
const tests = fc.oneof(
  fc.tuple(simple, fc.constantFrom('==', '!=', '<', '<=', '>', '>='), simple).map(parts => parts.join(' ')),
  fc.tuple(simple, fc.constantFrom('startsWith', 'endsWith', 'contains'), simple).map(([a, f, b]) => `${a}.${f}(${b})`),
  fc.tuple(simple, fc.constantFrom('args', 'args.a', 'labels', 'effects', '["a", 1]')).map(([a, b]) => `${a} in ${b}`),
  fc
    .tuple(simple, fc.constantFrom('startsWith', 'endsWith', 'contains'), simple)
    .map(([a, f, b]) => `${a}.${f}(${b}, ${a})`),
  fc.constantFrom('has(args.a)', 'has(args.a.b)', 'has(args.constructor)', 'args.a', 'args', 'args.to.matches("^a")'),
)
const expression = fc.letrec<{ any: string }>(tie => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    tests,
    fc.tuple(tie('any'), fc.constantFrom('&&', '||'), tie('any')).map(([a, op, b]) => `(${a}) ${op} (${b})`),
    tie('any').map(inner => `!(${inner})`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
  ),
})).any
const about: fc.Arbitrary<About> = fc.record({
  kind: fc.constantFrom('tool.call', 'tool.result', 'other', 'resource.read'),
  tool: fc.constantFrom(...words),
  server: fc.constantFrom(...words),
  args: value,
  result: fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 2 }),
  labels: fc.subarray(['a', 'secret', '']),
  effects: fc.subarray<Effect>(['send', 'read']),
})

test('whatever is answered without the engine is what the engine answers', () => {
  let answered = 0
  fc.assert(
    fc.property(expression, about, (source, situation) => {
      const seen = bothWays(source, situation)
      if (seen?.quick === undefined) return
      answered++
      assert.deepEqual(seen.engine, { holds: seen.quick }, `${source} of ${JSON.stringify(situation)}`)
    }),
    { numRuns: 4000 },
  )
  assert.ok(answered > 100, `only ${answered} were answered`)
})

test('conditions as people write them are answered without the engine', () => {
  const args = { to: 'bob@example.com', path: '/etc/passwd', limit: 20, dry: false }
  for (const [source, holds] of [
    ["args.path.startsWith('/etc/')", true],
    ["has(args.to) && !args.to.endsWith('@example.com')", false],
    ["'limit' in args && args.limit > 10", true],
    ["server == 'server' && (principal != 'me' || 'secret' in labels)", true],
    ["'send' in effects && args.dry == false", true],
    ["has(args.missing) ? args.missing == 1 : kind == 'tool.call'", true],
  ] as const) {
    const seen = bothWays(source, { tool: 'send_mail', args, labels: ['secret'], effects: ['send'] })
    assert.deepEqual(seen, { quick: holds, engine: { holds } }, source)
  }
})

test('what is missing, of another kind or too large is left to the engine', () => {
  const large = Array.from({ length: nodesMax }, () => 0)
  for (const [source, args] of [
    ['args.missing == 1', {}],
    ["args.to.startsWith('a')", { to: 5 }],
    ['args.n > 1', { n: '2' }],
    ["args.to.startsWith('/etc', '/root')", { to: '/root/x' }],
    ['args.to.contains(args.part)', { to: 'a', part: 'x'.repeat(4097) }],
    ["args.to == 'a'", { to: 'a', large }],
  ] as const)
    assert.equal(bothWays(source, { args })?.quick, undefined, source)
})

test('a value is small enough exactly where the engine reads it', () => {
  const sized = fc.oneof(
    fc.integer({ min: nodesMax - 3, max: nodesMax + 1 }).map(length => ({ list: Array.from({ length }, () => 1) })),
    fc.integer({ min: 29, max: 34 }).map(depth => ({ deep: JSON.parse('['.repeat(depth) + ']'.repeat(depth)) })),
    value.map(inner => ({ inner })),
  )
  fc.assert(
    fc.property(sized, args => {
      const json = JSON.parse(JSON.stringify(args))
      const seen = bothWays('size(args) >= 0', { args: json })
      assert.equal(isReadable(json), seen !== undefined && 'holds' in seen.engine)
    }),
  )
})
