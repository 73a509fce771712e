import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { unitsOf } from './units.ts'

test('the units of a text are those of the string, however many texts came before it', () => {
  const long = fc.string({ unit: 'binary', maxLength: 40 }).map(text => text.padEnd(300, 'long enough to be kept'))
  const texts = fc.array(fc.oneof(long, fc.string({ unit: 'binary', maxLength: 40 })), { maxLength: 12 })
  fc.assert(
    fc.property(texts, all => {
      for (const text of [...all, ...all.toReversed()]) assert.equal(String.fromCharCode(...unitsOf(text)), text)
    }),
  )
})

test('a text that is read again is not copied again', () => {
  const text = 'read by several passes in a row '.repeat(20)
  assert.equal(unitsOf(text), unitsOf(`${text.slice(0, 10)}${text.slice(10)}`))
})

test('half of a surrogate pair stays what it is, in short and in long texts', () => {
  const halves = 'a\ud83d b\ude00 c'
  for (const text of [halves, halves.repeat(60), halves.repeat(2000)])
    assert.equal(new TextDecoder('utf-16le').decode(unitsOf(text)), text.toWellFormed())
  assert.deepEqual([...unitsOf('\ude00\ud83d')], [0xde00, 0xd83d])
})
