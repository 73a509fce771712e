import assert from 'node:assert/strict'
import test from 'node:test'
import { joinedView, reversedView, rot13View, undigitedView } from './letters.ts'

test('letters set apart are joined, words stay apart', () => {
  assert.equal(joinedView({ text: 'so: i g n o r e   a l l  now' })?.text, 'so: ignore all  now')
  assert.equal(joinedView({ text: 'vitamins A B C and D' }), undefined)
})

test('digits are read as letters only where a whole word comes of it', () => {
  assert.equal(undigitedView({ text: '1gn0r3 4ll of a1b2c6 in 2024' })?.text, 'ignore all of a1b2c6 in 2024')
  assert.equal(undigitedView({ text: 'call me at 5 in room 12' }), undefined)
})

test('turning twice is turning back', () => {
  const text = 'Some Text, with 3 signs!\nAnd a line.'
  assert.equal(rot13View(rot13View({ text })).text, text)
  assert.equal(reversedView(reversedView({ text })).text, text)
})
