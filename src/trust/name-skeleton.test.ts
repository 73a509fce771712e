import assert from 'node:assert/strict'
import test from 'node:test'
import { eyeForm, partsOf, skeletonOf, tokensOf } from './name-skeleton.ts'

test('names that an eye takes for one another have one skeleton', () => {
  const plain = skeletonOf('server-filesystem')
  for (const other of [
    'sеrver-filesystem',
    'server_filesystern',
    'ＳＥＲＶＥＲ.filesystem',
    'server‑filesyst\u200bem',
    'sérver-fi1esystem',
  ])
    assert.equal(skeletonOf(other), plain, other)
})

test('different words keep different skeletons', () => {
  assert.notEqual(skeletonOf('server-memory'), skeletonOf('server-everything'))
  assert.notEqual(skeletonOf('server-pdf'), skeletonOf('server-map'))
})

test('a name falls into scope, body and words', () => {
  assert.deepEqual(partsOf('@a/b-c'), { scope: 'a', body: 'b-c' })
  assert.deepEqual(partsOf('b-c'), { scope: '', body: 'b-c' })
  assert.deepEqual(tokensOf('@A/b_c.d'), ['a', 'b', 'c', 'd'])
  assert.equal(eyeForm('A__b'), 'a-b')
})
