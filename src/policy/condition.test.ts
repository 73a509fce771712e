import assert from 'node:assert/strict'
import test from 'node:test'
import { cpuMs } from '../../test/cpu-time.ts'
import { fc } from '../../test/property.ts'
import { type ConditionCompiler, conditionInputOf, type Held, loadConditions, nodesMax } from './condition.ts'
import { factsOf } from './facts.ts'
import type { PolicyTest } from './rule.ts'
import { situationOf } from './situation.ts'

const compile = await loadConditions()

function held(source: string, about: Omit<PolicyTest, 'expect'> = {}): Held {
  const made = compile(source, 'block')
  if (!made.ok) throw new Error(`${source}: ${made.text}`)
  const situation = situationOf(about)
  return made.condition(conditionInputOf(factsOf(situation), situation))
}

test('every variable can be read', () => {
  const about = {
    ...({ server: 'mail', tool: 'send_mail', effects: ['send'], labels: ['secret'] } as const),
    ...{ args: { to: 'a@b.c', n: 5 }, principal: 'alice', role: 'reader', at: '2026-01-01' },
  }
  const findings = [{ rule: 'x/y', severity: 'high', confidence: 'likely' }] as const
  for (const source of [
    "server == 'mail' && tool == 'send_mail' && kind == 'tool.call' && from == 'client'",
    "args.to == 'a@b.c' && args.n > 4 && has(args.n) && !has(args.m) && 'to' in args",
    "'send' in effects && 'secret' in labels && principal == 'alice' && role == 'reader'",
    "findings.exists(f, f.rule == 'x/y' && f.severity == 'high' && f.confidence == 'likely')",
    "nowMs == 1767225600000.0 && session.ageMs == 0.0 && session.id != ''",
    "resource == '' && prompt == '' && method == '' && size(result) == 0",
  ])
    assert.deepEqual(held(source, { ...about, findings }), { holds: true }, source)
})

test('what a tool answered can be read on the way back', () => {
  const about = { kind: 'tool.result', tool: 't', result: { content: [{ type: 'text', text: 'hello' }] } } as const
  assert.deepEqual(held("result.content.exists(c, c.text.startsWith('hell'))", about), { holds: true })
})

test('a missing member is an error and not a guess', () => {
  assert.ok('error' in held("args.to.endsWith('x')", { args: {} }))
  assert.ok('error' in held('args.to', { args: { to: 'text' } }))
})

test('names that every JavaScript object has are not there', () => {
  for (const name of ['constructor', 'toString', 'hasOwnProperty', '__proto__']) {
    assert.deepEqual(held(`has(args.${name})`, { args: {} }), { holds: false })
    assert.ok('error' in held(`args['${name}'] == 1`, { args: {} }))
  }
})

test('an argument that looks like a protobuf message stays a plain map', () => {
  const args = { when: { $typeName: 'google.protobuf.Timestamp', seconds: '1' }, any: { $typeName: 'x' } }
  assert.deepEqual(
    held("args.when.seconds == '1' && args.any.$typeName == 'x'".replace('.$typeName', "['$typeName']"), { args }),
    {
      holds: true,
    },
  )
})

test('patterns are linear however they are written', () => {
  const began = cpuMs()
  assert.deepEqual(held("args.x.matches('^(a+)+$')", { args: { x: `${'a'.repeat(100_000)}!` } }), { holds: false })
  assert.ok(cpuMs() - began < 2000)
})

test('what a caller sends cannot make a condition expensive: beyond the bounds it is an error', () => {
  const long = 'a'.repeat(1_000_000)
  assert.ok('error' in held("args.x.matches('^a+$')", { args: { x: long } }))
  assert.ok('error' in held('args.x.contains(args.y)', { args: { x: long, y: `${long.slice(0, 500_000)}b` } }))
  assert.ok('error' in held("args.x.exists(i, i == 'b')", { args: { x: Array(nodesMax).fill('a') } }))
  const deep = JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`)
  assert.ok('error' in held('size(args.x) == 1', { args: { x: deep } }))
})

test('the dearest condition that is accepted, on the largest arguments, stays under a second', () => {
  const xs = Array.from({ length: nodesMax / 2 - 10 }, (_, i) => `x${i}`)
  const ys = Array.from({ length: nodesMax / 2 - 10 }, (_, i) => `y${i}`)
  const began = cpuMs()
  assert.deepEqual(held('args.xs.exists(x, x in args.ys)', { args: { xs, ys } }), { holds: false })
  assert.ok(cpuMs() - began < 1000, `${cpuMs() - began} ms`)
})

test('an expression that cannot work is refused when it is read', () => {
  const wrong: Readonly<Record<string, RegExp>> = {
    'args.x ==': /cannot be read: line 1, character 8/u,
    'tol == 1': /reads tol, which does not exist/u,
    "args.x.match('a')": /calls match, which does not exist/u,
    'args.x.matches(args.y)': /pattern written out/u,
    "args.x.matches('(')": /./u,
    'args.a.exists(x, args.b.exists(y, x == y))': /a loop inside a loop/u,
    "args.s.replace('', args.t) == ''": /calls replace/u,
    "{'a': 1}.size() == 1": /builds a map/u,
    [`${'true || '.repeat(200)}true`]: /longer than/u,
    [`${'!'.repeat(900)}true`]: /./u,
  }
  for (const [source, why] of Object.entries(wrong)) {
    const made = compile(source, 'block')
    if (made.ok && source.startsWith('!')) continue
    assert.ok(!made.ok, source)
    assert.match(made.text, why)
  }
})

test('a member that may be missing is pointed out', () => {
  const warnings = (source: string) => {
    const made = compile(source, 'ask')
    return made.ok ? made.warnings.length : -1
  }
  assert.equal(warnings("args.to == 'x'"), 1)
  assert.equal(warnings("has(args.to) && args.to == 'x'"), 0)
})

test('hostile expressions are refused or run, within their time, and never throw', () => {
  const atoms = ['args', 'args.x', 'labels', 'findings', '1', "'a'", 'true', 'null', '[]', 'x', 'f']
  const glue = [
    ' && ',
    ' || ',
    ' == ',
    '.',
    '.exists(x, ',
    ')',
    '(',
    '!',
    '[',
    ']',
    ' ? ',
    ' : ',
    '.matches(',
    '-',
    ' in ',
  ]
  const source = fc
    .array(fc.constantFrom(...atoms, ...glue), { minLength: 1, maxLength: 25 })
    .map(parts => parts.join(''))
  const args = fc.jsonValue({ maxDepth: 4 })
  const sides: readonly Parameters<ConditionCompiler>[1][] = ['allow', 'block']
  fc.assert(
    fc.property(source, args, fc.constantFrom(...sides), (text, x, then) => {
      const made = compile(text, then)
      if (!made.ok) return assert.ok(made.text.length > 0)
      const situation = situationOf({ tool: 't', args: { x } })
      const answer = made.condition(conditionInputOf(factsOf(situation), situation))
      assert.ok('error' in answer || typeof answer.holds === 'boolean')
    }),
    { numRuns: 1500 },
  )
})

test('a pattern is looked for anywhere, as in CEL everywhere else', () => {
  assert.deepEqual(held("args.x.matches('b+')", { args: { x: 'abbc' } }), { holds: true })
  assert.deepEqual(held("args.x.matches('^b+$')", { args: { x: 'abbc' } }), { holds: false })
})

test('a pattern that would grow without end is refused or compiled in good time', () => {
  for (const pattern of [
    '((a{100}){100}){100}',
    '(a{1000}){1000}',
    `${'(a|'.repeat(150)}b${')'.repeat(150)}`,
    'a{1000}'.repeat(80),
  ]) {
    const began = cpuMs()
    compile(`args.x.matches('${pattern}')`, 'block')
    assert.ok(cpuMs() - began < 2000, `${pattern.slice(0, 30)}: ${cpuMs() - began} ms`)
  }
})
