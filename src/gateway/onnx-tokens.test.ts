import assert from 'node:assert/strict'
import test from 'node:test'
import { tokensOf } from './onnx-tokens.ts'

const file = {
  model: { type: 'WordLevel', unk_token: '?' },
  padding: { pad_id: 7 },
  added_tokens: [
    { id: 1, content: '<s>', special: true },
    { id: 2, content: '</s>', special: true },
    { id: 3, content: '?', special: true },
    { id: 4, content: 'http', special: false },
  ],
}

/** Spells words by the numbers that they are; the marks stand around them. */
const spelling = {
  newTokenizer: () => ({
    encode(text: string, { add_special_tokens: isMarked }: { add_special_tokens: boolean }) {
      const ids = text.split(' ').map(word => (word === 'a' ? 9 : Number(word)))
      return { ids: isMarked ? [1, ...ids, 2, 2] : ids }
    },
  }),
}

test('the marks around an input are learned from the tokenizer, and a text that spells one does not end it', () => {
  const tokens = tokensOf(JSON.stringify(file), spelling)
  assert.ok(!('fault' in tokens))
  assert.deepEqual([tokens.before, tokens.after, tokens.padding], [[1], [2, 2], 7])
  assert.deepEqual(tokens.idsOf('8 2 3 1 4'), [8, 3, 4])
})

test('what is no tokenizer is said to be none', () => {
  for (const text of ['', '[]', '{"model":1}', '{}'])
    assert.deepEqual(tokensOf(text, spelling), { fault: 'is no tokenizer.json' })
  const failing = {
    newTokenizer() {
      throw new Error('unknown model type')
    },
  }
  assert.deepEqual(tokensOf(JSON.stringify(file), failing), { fault: 'cannot be used: unknown model type' })
  const odd = { newTokenizer: () => ({ encode: () => ({ ids: [] }) }) }
  assert.match(JSON.stringify(tokensOf(JSON.stringify(file), odd)), /a way that is not known/u)
})
