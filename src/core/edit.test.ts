import assert from 'node:assert/strict'
import test from 'node:test'
import { cpuMs } from '../../test/cpu-time.ts'
import { fc } from '../../test/property.ts'
import { applyEdits } from './edit.ts'
import type { Edit } from './finding.ts'
import type { Json } from './json.ts'

const alphabet = 'abcdefghijklmnopqrst'
const cut = fc.record(
  {
    at: fc.constant('/t'),
    from: fc.integer({ min: -2, max: 24 }),
    to: fc.integer({ min: -2, max: 24 }),
    put: fc.constantFrom('', '#'),
  },
  { noNullPrototype: true },
)
const places = fc.constantFrom(
  '',
  '/a',
  '/a/0',
  '/a/1',
  '/a/1/t',
  '/a/2',
  '/o',
  '/o/k',
  '/o/__proto__',
  '/o/__proto__/x',
  '/t',
  '/zz/y',
)
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record(
    { at: places, from: fc.nat(9), to: fc.nat(9), put: fc.constantFrom('', '#', '!') },
    { noNullPrototype: true },
  ),
  fc.record({ at: places, set: fc.constantFrom<Json>('y', 1, null, ['q']) }, { noNullPrototype: true }),
  fc.record({ at: places, remove: fc.constant(true as const) }, { noNullPrototype: true }),
)
const root = () =>
  JSON.parse('{"a":["zero",{"t":"deep text"},"two"],"o":{"k":"kay","__proto__":{"x":"ex"}},"t":"top text"}') as Json

test('the order of edits has no effect', () => {
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 8 }), fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (edits, keys) => {
      const shuffled = edits.map((e, i) => ({ e, key: keys[i]! })).sort((x, y) => x.key - y.key)
      assert.deepEqual(
        applyEdits(
          root(),
          shuffled.map(({ e }) => e),
        ),
        applyEdits(root(), edits),
      )
    }),
  )
})

test('an edit given twice acts once', () => {
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 8 }), edits =>
      assert.deepEqual(applyEdits(root(), [...edits, ...edits]), applyEdits(root(), edits)),
    ),
  )
})

test('the message itself is never changed, and every outcome can be sent', () => {
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 8 }), edits => {
      const before = root()
      const after = applyEdits(before, edits)
      assert.deepEqual(before, root())
      assert.deepEqual(JSON.parse(JSON.stringify(after)), JSON.parse(JSON.stringify(after)))
    }),
  )
})

test('of overlapping cuts everything that any of them covers is gone, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(cut, { maxLength: 6 }), cuts => {
      const after = applyEdits({ t: alphabet }, cuts) as { t: string }
      const kept = [...alphabet].filter((_, i) => !cuts.some(({ from, to }) => i >= Math.max(0, from) && i < to))
      assert.equal(after.t.replaceAll('#', ''), kept.join(''))
    }),
  )
})

test('a notice put before, a cut at the start and a notice put after all come to stand', () => {
  const edits: Edit[] = [
    { at: '/t', from: 0, to: 3, put: '[cut]' },
    { at: '/t', from: 0, to: 0, put: '<data>' },
    { at: '/t', from: 8, to: 8, put: '</data>' },
    { at: '/t', from: 5, to: 8, put: '' },
  ]
  assert.deepEqual(applyEdits({ t: 'top text' }, edits), { t: '<data>[cut] t</data>' })
})

test('removing several items of one list removes exactly those', () => {
  const edits: Edit[] = ['/0', '/2', '/10'].map(at => ({ at, remove: true }))
  assert.deepEqual(applyEdits([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], edits), [1, 3, 4, 5, 6, 7, 8, 9, 11])
})

test('a place that does not exist stays so', () => {
  const value = { a: [1], o: {}, s: 'text' }
  for (const at of ['/a/1', '/a/-1', '/a/x', '/a/', '/a/00', '/zz/y', '/s/0', '/o/constructor/name'])
    for (const edit of [
      { at, remove: true },
      { at, set: 'x' },
      { at, from: 0, to: 1, put: '' },
    ] as Edit[])
      assert.deepEqual(applyEdits(value, [edit]), value, JSON.stringify(edit))
})

test('set may add a member to an object, also one named __proto__, and touches no prototype', () => {
  const after = applyEdits({ o: {} }, [{ at: '/o/__proto__', set: { polluted: 1 } }])
  assert.equal(JSON.stringify(after), '{"o":{"__proto__":{"polluted":1}}}')
  assert.equal(({} as { polluted?: number }).polluted, undefined)
})

test('a member named __proto__ survives an edit beside it, and can be edited and removed itself', () => {
  const hostile = JSON.parse('{"__proto__":{"x":"secret"},"k":"abc"}') as Json
  assert.equal(
    JSON.stringify(applyEdits(hostile, [{ at: '/k', from: 0, to: 1, put: '' }])),
    '{"__proto__":{"x":"secret"},"k":"bc"}',
  )
  assert.equal(
    JSON.stringify(applyEdits(hostile, [{ at: '/__proto__/x', from: 0, to: 6, put: '' }])),
    '{"__proto__":{"x":""},"k":"abc"}',
  )
  assert.equal(JSON.stringify(applyEdits(hostile, [{ at: '/__proto__', remove: true }])), '{"k":"abc"}')
})

test('a new value that meets a cut of the old one is emptied: it may still hold what the cut was for', () => {
  const cutting: Edit = { at: '/o/k', from: 0, to: 3, put: '' }
  assert.deepEqual(applyEdits({ o: { k: 'key' } }, [cutting, { at: '/o/k', set: 'key…' }]), { o: { k: '' } })
  assert.deepEqual(applyEdits({ o: { k: 'key' } }, [cutting, { at: '/o', set: { k: 'key' } }]), { o: null })
  assert.deepEqual(
    applyEdits({ o: 1 }, [
      { at: '/o', set: 2 },
      { at: '/o', set: 3 },
    ]),
    { o: null },
  )
})

test('ten thousand edits in one list take one pass, not ten thousand copies of it', () => {
  const items = Array.from({ length: 10_000 }, (_, i) => ({ text: `item ${i}` }))
  const edits = items.map((_, i): Edit => ({ at: `/${i}/text`, from: 0, to: 5, put: '' }))
  const began = cpuMs()
  const after = applyEdits(items, edits) as { text: string }[]
  assert.ok(cpuMs() - began < 1_000)
  assert.equal(after[9_999]?.text, '9999')
})
