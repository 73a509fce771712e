import assert from 'node:assert/strict'
import test from 'node:test'
import { createNameWatch } from './name-watch.ts'

test('a name asked again at once is a repeat, later it is news', () => {
  let ms = 0
  const watch = createNameWatch(() => ms)
  assert.equal(watch.isRepeat('a.example'), false)
  ms = 1999
  assert.equal(watch.isRepeat('a.example'), true)
  ms = 2000
  assert.equal(watch.isRepeat('a.example'), false)
})

test('the thirty-third name under one parent is one of many, and so is the name of one parent too many', () => {
  const watch = createNameWatch(() => 0)
  const one = Array.from({ length: 40 }, (_, i) => watch.isOneOfMany(`n${i}.evil.example`))
  assert.equal(one.indexOf(true), 32)
  assert.equal(watch.isOneOfMany('a.other.example.org'), false)
  const many = Array.from({ length: 300 }, (_, i) => watch.isOneOfMany(`a.p${i}.example`.replace('.example', 'x.test')))
  assert.ok(many.includes(true))
})
