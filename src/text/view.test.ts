import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { channelsOf, originOf, rewriterOf } from './view.ts'

test('a copied part maps unit by unit, a replaced one as a whole, and what was left out lies inside', () => {
  const raw = { text: 'ab--cd<x>ef' }
  const out = rewriterOf(raw)
  out.copy(0, 2)
  out.copy(4, 6)
  out.put('!!!', 6, 9)
  out.copy(9, 11)
  const view = out.done('markup')
  assert.ok(view)
  assert.equal(view.text, 'abcd!!!ef')
  assert.deepEqual(originOf(view, [1, 3]), [1, 5])
  assert.deepEqual(originOf(view, [5, 6]), [6, 9])
  assert.deepEqual(originOf(view, [6, 8]), [6, 10])
  assert.deepEqual(channelsOf(view), ['markup'])
})

test('a part read from its end maps to the same letters', () => {
  const raw = { text: 'abcdef' }
  const out = rewriterOf(raw)
  out.mirror(0, 6)
  const view = out.done('reversed')
  assert.ok(view)
  assert.equal(view.text, 'fedcba')
  assert.deepEqual(originOf(view, [0, 2]), [4, 6])
  assert.deepEqual(originOf(view, [1, 4]), [2, 5])
})

test('a span of copied text leads to exactly that text, through any number of views', () => {
  const cuts = fc.array(fc.tuple(fc.nat(40), fc.nat(6)), { maxLength: 8 })
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 60 }), cuts, cuts, (text, first, second) => {
      const one = without(text, first)
      const two = without(one.text, second, one)
      for (let at = 0; at < two.text.length; at++) {
        const [from, to] = originOf(two, [at, at + 1])
        assert.equal(text.slice(from, to), two.text[at])
      }
    }),
  )
})

test('nothing changed is no view', () => {
  const out = rewriterOf({ text: 'same' })
  out.copy(0, 2)
  out.copy(2, 4)
  assert.equal(out.done('folded'), undefined)
})

function without(text: string, cuts: readonly [number, number][], parent: { text: string } = { text }) {
  const out = rewriterOf({ ...parent, text })
  const gone = new Set(cuts.flatMap(([at, length]) => Array.from({ length }, (_, i) => at + i)))
  for (let i = 0; i < text.length; i++) if (!gone.has(i)) out.copy(i, i + 1)
  return out.done('folded') ?? { ...parent, text }
}
