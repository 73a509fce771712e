import assert from 'node:assert/strict'
import test from 'node:test'
import { concepts, literals } from './lexicon.ts'

test('each concept has words, and no word is empty or holds a parting bar', () => {
  const all = literals()
  for (const [id, name] of concepts.entries())
    assert.ok(
      all.some(literal => literal.id === id),
      name,
    )
  for (const { text } of all) assert.match(text, /\S/u)
  assert.ok(all.some(({ text }) => text === '| sh'))
})
