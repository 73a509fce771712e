import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { isOfLetters, keyOf, senseMarks, senseTokenBounds, senseTokens } from './sense-token.ts'

const marksOf = (text: string) => {
  const { count, keys, marks } = senseTokens(text)
  return Array.from({ length: count }, (_, i) => ((keys[i] ?? 0) < 0 ? 'a word' : (senseMarks[marks[i] ?? 0] ?? '')))
}
const keysOf = (text: string) => {
  const { count, keys } = senseTokens(text)
  return [...keys.slice(0, count)]
}

test('addresses, numbers and signs are read as what they are, whatever they say', () => {
  assert.deepEqual(marksOf('to ava@north.example at https://x.example/a?b=1 4,500.20\n`'), [
    'a word',
    'mail address',
    'a word',
    'link',
    'number',
    'new line',
    '`',
  ])
  assert.deepEqual(keysOf('write ava@north.example'), keysOf('write leon.b@south.example'))
})

test('a word has one key in small and capital letters, and "don\'t" is "do not"', () => {
  for (const word of ['send', 'Send', 'SEND']) assert.deepEqual(keysOf(word), [keyOf('send')])
  assert.deepEqual(keysOf("don't"), keysOf('do not'))
  assert.deepEqual(keysOf('it’s'), keysOf('it'))
})

test('an unknown word leaves its look: small, with a capital, in capitals, in another script', () => {
  const { marks } = senseTokens('qzx Qzx QZX привет')
  assert.deepEqual(
    [...marks.slice(0, 4)].map(mark => senseMarks[mark]),
    ['unknown word', 'Unknown Word', 'UNKNOWN WORD', 'word in another script'],
  )
  assert.ok([...marks.slice(0, 4)].every(isOfLetters))
  assert.ok(!isOfLetters(senseTokens('4').marks[0] ?? 0))
})

test('a ruler and a row of numbers are one token', () => {
  assert.equal(keysOf('1 2 3 4 5').length, 1)
  assert.equal(keysOf('||||||').length, 1)
})

test('no text makes more tokens than there is room for, and every key is a word or a mark', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), text => {
      const { count, keys, marks } = senseTokens(text)
      assert.ok(count <= senseTokenBounds.tokens)
      for (let i = 0; i < count; i++) {
        assert.ok((keys[i] ?? 0) < senseMarks.length)
        assert.ok((marks[i] ?? -1) < senseMarks.length)
      }
    }),
  )
  assert.equal(senseTokens('a b '.repeat(1000)).count, senseTokenBounds.tokens)
})
