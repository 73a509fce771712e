import assert from 'node:assert/strict'
import test from 'node:test'
import { loadConditions } from './condition.ts'

const compile = await loadConditions()

const growing = [
  "'secret' in labels",
  "labels.exists(l, l.startsWith('customer'))",
  "findings.exists(f, f.severity == 'high')",
  'size(labels) > 2',
  'findings.size() >= 1',
  "'a' in labels && ('b' in labels || args.x == 1)",
  "!(!('secret' in labels))",
  "args.x == 1 ? 'a' in labels : 'b' in labels",
]
const shrinking = [
  "!('secret' in labels)",
  "labels.all(l, l == 'internal')",
  "!findings.exists(f, f.rule.startsWith('secrets/'))",
  'size(findings) < 1',
  "!('a' in labels) && args.x == 1",
]
const neither = [
  'size(labels) == 1',
  "labels == ['secret']",
  "labels[0] == 'secret'",
  "labels.exists_one(l, l == 'secret')",
  "labels.map(l, l == 'x') == []",
  "('secret' in labels) == false",
  "'secret' in labels ? args.x == 1 : args.y == 1",
  "('secret' in labels) != args.flag",
  'labels.exists(l, l in labels)',
]

for (const source of growing)
  test(`more labels and findings only make this truer, so it may ask and block: ${source}`, () => {
    assert.ok(compile(source, 'ask').ok && compile(source, 'block').ok)
    assert.ok(!compile(source, 'allow').ok)
  })

for (const source of shrinking)
  test(`more labels and findings only make this falser, so it may allow: ${source}`, () => {
    assert.ok(compile(source, 'allow').ok)
    assert.ok(!compile(source, 'ask').ok && !compile(source, 'rewrite').ok)
  })

for (const source of neither)
  test(`one more label or finding could turn this either way, so it is refused: ${source}`, () => {
    for (const then of ['allow', 'ask', 'block'] as const) {
      const made = compile(source, then)
      assert.ok(!made.ok)
      assert.match(made.text, /a further label or finding could/u)
    }
  })

test('what reads neither labels nor findings is free in its form', () => {
  for (const source of ['!(args.x == 1)', 'size(args) == 1', "args.x.exists_one(i, i == 'a')"])
    for (const then of ['allow', 'ask', 'block'] as const) assert.ok(compile(source, then).ok, source)
})
