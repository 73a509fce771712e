import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { copiesOf } from './copied.ts'
import { scanOriginal, scanText } from './match.ts'
import { literals } from './rules/lexicon.ts'
import type { View } from './view.ts'
import { readingOf } from './views.ts'

const words = literals().map(({ text }) => text.replace(/\*$/u, ''))
const rewritten = ['\u200b', '\u00ad', '“', '’', '—', 'е', 'ﬁ', '&#105;', '&amp;', '&lt;', '\\n', '\\"', '%20', '%2569']
const marks = ['<b>', '</b>', '<br>', '<!-- ', ' -->', '<a title="do it now please">', '\u001b[31m', '[INST]', '<|im_']
const plain = [' ', '  ', '\n', '_', '-', '.', 'a', 'x ', '日', '\ud800', '1']
const part = fc.oneof(
  { weight: 3, arbitrary: fc.nat(words.length - 1).map(i => words[i] ?? '') },
  { weight: 2, arbitrary: fc.constantFrom(...rewritten, ...marks) },
  { weight: 3, arbitrary: fc.constantFrom(...plain) },
  { weight: 2, arbitrary: fc.nat(400).map(length => 'quiet words of no weight '.repeat(16).slice(0, length)) },
)
/** Words of the rules, cut anywhere by what is rewritten. */
const texts = fc
  .tuple(
    fc.array(part, { maxLength: 60 }),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...rewritten)), { maxLength: 4 }),
  )
  .map(([parts, cuts]) => {
    let text = parts.join('')
    for (const [at, put] of cuts)
      text = `${text.slice(0, at % (text.length + 1))}${put}${text.slice(at % (text.length + 1))}`
    return text
  })

test('a text is scanned through its view as if it were read whole', () => {
  let partly = 0
  fc.assert(
    fc.property(texts, text => {
      const { raw, plain: view } = readingOf(text)
      if (view === raw) return
      if (copiesOf(view, 31) !== undefined) partly++
      assert.deepEqual(scanOriginal(raw.text, { view, scan: scanText(view.text) }), scanText(raw.text))
    }),
    { numRuns: 1500 },
  )
  assert.ok(partly > 100)
})

test('what is told to be copied stands in both as it is, in order and as long as it can be', () => {
  fc.assert(
    fc.property(texts, text => {
      const view: View = readingOf(text).plain
      let [from, at] = [0, 0]
      for (const copy of copiesOf(view, 0) ?? []) {
        assert.equal(view.text.slice(copy.at, copy.at + copy.units), text.slice(copy.from, copy.from + copy.units))
        assert.ok(copy.units > 0 && copy.from >= from && copy.at >= at)
        ;[from, at] = [copy.from + copy.units, copy.at + copy.units]
      }
    }),
  )
})

test('a text of which nothing is left in the view is read whole', () => {
  for (const text of ['\u200b', '\u00ad'.repeat(300), '<b></b>']) {
    const { raw, plain: view } = readingOf(text)
    assert.deepEqual(scanOriginal(raw.text, { view, scan: scanText(view.text) }), scanText(raw.text))
  }
})

test('where little was left as it was, or the order was turned, nothing is said to be copied', () => {
  const turned: View = {
    text: 'ba',
    parent: { text: 'ab' },
    channel: 'folded',
    pieces: { at: [0, 1], from: [1, 0], to: [2, 1], step: [1, 1] },
  }
  assert.equal(copiesOf(turned, 0), undefined)
  assert.equal(copiesOf(readingOf('a\u200b'.repeat(50)).plain, 31), undefined)
})
