import assert from 'node:assert/strict'
import test from 'node:test'
import { fc } from '../../test/property.ts'
import { type Json, valueAt } from '../core/json.ts'
import { leafBounds, leavesOf } from './leaves.ts'

test('every string and every key is listed once, in document order', () => {
  const payload = { content: [{ type: 'text', text: 'one' }, { 'a/b': { '': 'two' } }], n: 1 }
  const { leaves, left } = leavesOf({ root: '/result', payload })
  assert.deepEqual(
    leaves.map(({ at, text, isKey }) => `${isKey ? 'key' : 'value'} ${at} ${text}`),
    [
      'key /result/content content',
      'key /result/content/0/type type',
      'value /result/content/0/type text',
      'key /result/content/0/text text',
      'value /result/content/0/text one',
      'key /result/content/1/a~1b a/b',
      'value /result/content/1/a~1b/ two',
      'key /result/n n',
    ],
  )
  assert.equal(left, 0)
})

test('a value leaf is what its pointer leads to', () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const payload: Json = JSON.parse(JSON.stringify(value))
      for (const { at, text, isKey } of leavesOf({ root: '', payload }).leaves)
        if (!isKey) assert.equal(valueAt(payload, at), text)
    }),
  )
})

test('asking twice walks once', () => {
  const payload = { a: 'b' }
  assert.equal(leavesOf({ root: '', payload }), leavesOf({ root: '', payload }))
  assert.notEqual(leavesOf({ root: '/x', payload }), leavesOf({ root: '', payload }))
})

test('what lies beyond the bounds is counted, not dropped in silence', () => {
  let deep: Json = 'bottom'
  for (let i = 0; i < leafBounds.depth + 10; i++) deep = [deep]
  assert.equal(leavesOf({ root: '', payload: deep }).left, 1)
  const wide = Array.from({ length: leafBounds.leaves + 5 }, () => 'x')
  assert.equal(leavesOf({ root: '', payload: wide }).left, 5)
})
