import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { keywordScan } from './keyword.ts'

test('every word is found wherever it stands, as a search for each would find it', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '_', '-', '1'), minLength: 1, maxLength: 4 })
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '_', '-', '1', ' ', 'é'), maxLength: 60 })
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 8 }), text, (words, text) => {
      const hits: string[] = []
      keywordScan(words)(text, (number, from) => hits.push(`${from} ${words[number]}`))
      const expected = words.flatMap(each =>
        [...text].flatMap((_, from) => (text.toLowerCase().startsWith(each, from) ? [`${from} ${each}`] : [])),
      )
      assert.deepEqual(hits.toSorted(), expected.toSorted())
    }),
  )
})

test('an empty word is refused', () => {
  assert.throws(() => keywordScan(['a', '']))
})
