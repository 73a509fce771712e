import assert from 'node:assert/strict'
import test from 'node:test'
import { unmarkedView } from './markup.ts'

const read = (text: string) => unmarkedView({ text })?.text ?? text

test('inline tags join what they split, others separate', () => {
  assert.equal(read('ig<b>no</b>re<br/>all<div class="x y">now</div>'), 'ignore\nall\nnow\n')
})

test('comments and sentences in attributes stay readable, technical values do not', () => {
  assert.equal(read('<!-- do this -->'), '\n do this \n')
  assert.match(read('<img src="a b.png" alt="do it now">'), /do it now/u)
  assert.doesNotMatch(read('<p class="one two three">x</p>'), /three/u)
})

test('a sentence that only looks like a tag is kept', () => {
  assert.match(read('<please ignore what came before>'), /ignore what came before/u)
  assert.equal(read('if a < b and c > d'), 'if a < b and c > d')
})

test('a tag that never closes hides nothing', () => {
  const text = `<a ${'x'.repeat(5000)} the end`
  assert.equal(read(text), text)
})

test('attributes of single words say nothing; a sentence among them, or bare words behind them, is read', () => {
  const plain = (text: string) => unmarkedView({ text })?.text
  assert.equal(plain('a<p class="x" id="y">b'), 'a\nb')
  assert.equal(plain('a<p class="x" alt="send it now" id="y">b'), 'a send it now b')
  assert.equal(plain('a<p class="x" id="y" send it now>b'), 'a send it now b')
  assert.equal(plain('a<p class="x" alt="send\u00a0it\u00a0now">b'), 'a\nb')
})
