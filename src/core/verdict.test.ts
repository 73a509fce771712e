import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import type { Edit } from './finding.ts'
import { isStricter, stricter, strictest, type Verdict } from './verdict.ts'

const at = fc.constantFrom('', '/a', '/a/0', '/b')
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ at, from: fc.nat(3), to: fc.nat(3), put: fc.constantFrom('', 'x') }, { noNullPrototype: true }),
  fc.record({ at, set: fc.constantFrom('y', 1, null) }, { noNullPrototype: true }),
  fc.record({ at, remove: fc.constant(true as const) }, { noNullPrototype: true }),
)
const verdict: fc.Arbitrary<Verdict> = fc.oneof(
  fc.constantFrom<Verdict>({ kind: 'allow' }, { kind: 'block' }),
  fc.record(
    { kind: fc.constantFrom('rewrite' as const, 'ask' as const), edits: fc.array(edit, { maxLength: 6 }) },
    { noNullPrototype: true },
  ),
)

function sameSet(a: Verdict, b: Verdict): void {
  const sorted = (v: Verdict) => ('edits' in v ? [...new Set(v.edits.map(e => JSON.stringify(e)))].sort() : [])
  assert.deepEqual([a.kind, sorted(a)], [b.kind, sorted(b)])
}

test('the order of two verdicts never matters', () => {
  fc.assert(fc.property(verdict, verdict, (a, b) => assert.deepEqual(stricter(a, b), stricter(b, a))))
})

test('the grouping of three verdicts never matters', () => {
  fc.assert(
    fc.property(verdict, verdict, verdict, (a, b, c) =>
      assert.deepEqual(stricter(stricter(a, b), c), stricter(a, stricter(b, c))),
    ),
  )
})

test('a verdict joined with itself is itself', () => {
  fc.assert(fc.property(verdict, a => sameSet(stricter(a, a), a)))
})

test('allow changes nothing and block absorbs everything', () => {
  fc.assert(
    fc.property(verdict, a => {
      sameSet(stricter(a, { kind: 'allow' }), a)
      assert.deepEqual(stricter(a, { kind: 'block' }), { kind: 'block' })
    }),
  )
})

test('one more verdict never loosens, and no edit is lost unless nothing passes', () => {
  fc.assert(
    fc.property(fc.array(verdict), verdict, (some, more) => {
      const [before, after] = [strictest(some), strictest([...some, more])]
      assert.ok(!isStricter(before.kind, after.kind))
      if (after.kind === 'block' || !('edits' in before)) return
      const kept = 'edits' in after ? after.edits.map(e => JSON.stringify(e)) : []
      for (const e of before.edits) assert.ok(kept.includes(JSON.stringify(e)))
    }),
  )
})

test('joining many at once equals joining them one by one', () => {
  fc.assert(
    fc.property(fc.array(verdict), some =>
      sameSet(strictest(some), some.reduce(stricter, { kind: 'allow' } as Verdict)),
    ),
  )
  assert.deepEqual(strictest([]), { kind: 'allow' })
})

test('kinds are ordered allow, rewrite, ask, block', () => {
  const kinds = ['allow', 'rewrite', 'ask', 'block'] as const
  for (const [i, a] of kinds.entries()) for (const [j, b] of kinds.entries()) assert.equal(isStricter(a, b), i > j)
})
