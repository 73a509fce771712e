import assert from 'node:assert/strict'
import test from 'node:test'
import { bitsPerChar, isPlaceholder, isRandomLike } from './placeholder.ts'

test('references, examples, masks and words for a credential are placeholders', () => {
  const all = [
    '${X}',
    '<token>',
    '{{ key }}',
    '$TOKEN',
    'xxxxxxxx',
    '********',
    'your-key',
    'AKIAEXAMPLE',
    'changeme',
    'null',
    'process.env.X',
  ]
  for (const value of all) assert.equal(isPlaceholder(value), true, value)
  for (const value of ['hunter2', 'q7Lm2XzR9bTk4VnW8cYd', 'Tr0ub4dor&3'])
    assert.equal(isPlaceholder(value), false, value)
})

test('what was drawn at random differs from what was named', () => {
  for (const value of ['q7Lm2XzR9bTk4VnW8cYd', '9f86d081884c7d659a2f']) assert.equal(isRandomLike(value), true, value)
  for (const value of ['md-button-group-12', 'TaskRunner', 'v1.2.3', 'aaaaaaa1'])
    assert.equal(isRandomLike(value), false, value)
})

test('entropy counts characters, not their length', () => {
  assert.equal(bitsPerChar('aaaa'), 0)
  assert.equal(bitsPerChar('abcd'), 2)
})
