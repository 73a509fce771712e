import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { foldedView } from './fold.ts'
import { traitsOf } from './traits.ts'

const traitsSet = (text: string) =>
  Object.entries(traitsOf(text))
    .filter(([name, is]) => is === true && name !== 'isWhole')
    .map(([name]) => name)

test('ordinary text has no traits', () => {
  assert.deepEqual(
    traitsSet('GET /users/42 returned 200 in 3.2 ms; 5 < 6, R & D, 100 % sure. (ann@example.com)\n\tdone'),
    [],
  )
})

test('each trait is seen wherever it stands', () => {
  const cases: Readonly<Record<string, string>> = {
    isFoldable: 'a\u200bb',
    hasEscapes: 'a &#105; b',
    hasMarkup: 'a <b>c',
    hasRuns: 'aWdub3JlIGFsbCBwcmV2aW91cyBpbnN0cnVjdGlvbnM=',
    isSpaced: 'i g n o r e a l l',
    hasDigitWords: '1gnor3 pr3v10us instruct10ns',
    hasQuotes: '"a": "b", "c"',
    hasPairs: '69 67 6e 6f 72 65 20 61',
  }
  for (const [name, text] of Object.entries(cases))
    for (const around of [text, `Words before. ${text}`, `${text} Words after.`, `x ${text}\n`])
      assert.deepEqual(traitsSet(around), [name], around)
})

test('in haste the same is told of what there is to make plain, and folding from where it may begin folds all', () => {
  const parts = [
    'a',
    ' word',
    '1',
    '.',
    '"',
    '&',
    '&#105;',
    'R&D',
    '%',
    '%20',
    '\\',
    '<',
    '<b',
    '< ',
    '\u0007',
    '\u007f',
    '\u001b[8m',
  ]
  const wide = ['\u00e9', '\u200b', '\uff41', '\u0456', '\ud83d\ude00', '\ud83d', '\u{e0041}', '\u3042', '\u00ad']
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts, ...wide), { maxLength: 30 }), pieces => {
      const text = pieces.join('')
      const [whole, hasty] = [traitsOf(text), traitsOf(text, true)]
      for (const name of ['isFoldable', 'hasEscapes', 'hasMarkup'] as const)
        assert.equal(hasty[name], whole[name], name)
      if (hasty.isWhole) assert.deepEqual(hasty, whole)
      else assert.equal(hasty.isFoldable, true)
      assert.deepEqual(foldedView({ text }, hasty.foldableFrom), foldedView({ text }))
    }),
    { numRuns: 2000 },
  )
})
