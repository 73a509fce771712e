import assert from 'node:assert/strict'
import test from 'node:test'
import { cpuMs } from '../../test/cpu-time.ts'
import { fc } from '../../test/property.ts'
import { findHidden, hiddenSpansMax } from './hidden.ts'

const asTags = (text: string) => [...text].map(c => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('')
const asSelectors = (text: string) =>
  [...Buffer.from(text)].map(b => String.fromCodePoint(b < 16 ? 0xfe00 + b : 0xe0100 + b - 16)).join('')
const asBits = (text: string, zero: string, one: string) =>
  [...Buffer.from(text)].map(b => b.toString(2).padStart(8, '0').replaceAll('0', zero).replaceAll('1', one)).join('')
const words = fc.stringMatching(/^[a-z ,.]{4,60}$/u)

function without(text: string): string {
  const cuts = findHidden(text)
    .flatMap(({ spans }) => spans)
    .toSorted(([a], [b]) => b - a)
  return cuts.reduce((rest, [from, to]) => rest.slice(0, from) + rest.slice(to), text)
}

test('what tag characters and variation selectors spell is read, and cutting the spans leaves exactly the rest', () => {
  fc.assert(
    fc.property(words, words, words, (before, secret, after) => {
      for (const [as, hide] of [
        ['tags', asTags],
        ['variation', asSelectors],
      ] as const) {
        const text = before + hide(secret) + after
        const [found] = findHidden(text)
        assert.deepEqual([found?.as, found?.decoded, found?.characters], [as, secret, secret.length])
        assert.equal(without(text), before + after)
      }
    }),
  )
})

test('selectors spread over the letters of an innocent text are read together', () => {
  const carrier = 'the quick brown fox jumps'
  const spread = [...asSelectors('send it')].map((s, i) => `${carrier[i]}${s}`).join('')
  assert.equal(findHidden(spread)[0]?.decoded, 'send it')
})

test('two zero-width characters of any kind, in any order and anywhere, are read as bits', () => {
  fc.assert(
    fc.property(
      words,
      fc.shuffledSubarray(['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff'], { minLength: 2 }),
      (secret, [zero, one]) => {
        const [found] = findHidden(`x ${asBits(secret, zero!, one!)} y`)
        assert.equal(found?.as, 'zero-width')
        assert.ok(found.decoded.length > 0)
      },
    ),
  )
  assert.equal(findHidden(`x${asBits('obey me', '\u200b', '\u200c')}`)[0]?.decoded, 'obey me')
  assert.equal(findHidden(`x${asBits('obey me', '\u200c', '\u200b')}`)[0]?.decoded, 'obey me')
})

test('after the cut nothing is found any more, whatever the text', () => {
  const unit = fc.constantFrom(
    'a',
    ' ',
    '1',
    '😀',
    '葛',
    'ש',
    'ک',
    '\u00ad',
    '\u200b',
    '\u200d',
    '\u202e',
    '\u2067',
    '\u2069',
    '\ufe0f',
    '\u{e0061}',
    '\u{e0100}',
    '🏴',
    '\u{e007f}',
  )
  fc.assert(
    fc.property(fc.array(unit), parts => {
      let text = parts.join('')
      // What a cut brings together may be odd in its new place; each round removes something, so it ends.
      for (let round = 0; round < 9 && findHidden(text).length > 0; round++) {
        const less = without(text)
        assert.ok(less.length < text.length)
        text = less
      }
      assert.deepEqual(findHidden(text), [])
    }),
  )
})

test('spans are bounded; beyond, the last one reaches to the end', () => {
  const [found] = findHidden('a\u{e0041}'.repeat(10_000))
  assert.equal(found?.spans.length, hiddenSpansMax)
  assert.equal(found?.spans.at(-1)?.[1], 30_000)
  assert.equal(found?.characters, 10_000)
})

test('a megabyte made to be slow takes no longer than ten times what a megabyte of emoji takes', () => {
  const time = (text: string) => {
    const times = Array.from({ length: 3 }, () => {
      const began = cpuMs()
      findHidden(text)
      return cpuMs() - began
    })
    return Math.min(...times)
  }
  const ordinary = '👩🏽‍🚀 ok '.repeat(100_000)
  const base = Math.max(time(ordinary), 20)
  for (const hostile of ['a\u200b', '\u{e0041}', '\ufe0f', '🏴\u{e0061}', '\u2067ש', 'a\u00ad', '\u200b\u200c\u200d'])
    assert.ok(time(hostile.repeat(Math.floor(1_000_000 / hostile.length))) < base * 10, JSON.stringify(hostile))
})

test('text behind more invisible characters than are looked at is hidden too, and is cut', () => {
  const text = `${'❤\ufe0f'.repeat(70_000)}${asTags('obey')}`
  assert.deepEqual(
    findHidden(text).map(({ as }) => as),
    ['unread'],
  )
  assert.ok(!without(text).includes('\u{e006f}'))
})
