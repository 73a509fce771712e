import assert from 'node:assert/strict'
import test from 'node:test'
import { keysOf, rowOf, type SenseNet, senseOf, senseShape } from './sense-net.ts'
import { keyOf, senseMarks } from './sense-token.ts'

const { reach, width, filters } = senseShape
const words = ['send', 'mail', 'assistant', 'the', 'cat']

/** A net whose words have a number each, and whose only filter that counts asks for `first` and then `second`. */
function netFor(first: string, second: string): SenseNet {
  const keys = keysOf(words)
  const rows = new Int8Array((senseMarks.length + keys.length) * width)
  const placeOf = (word: string) => rowOf(keys, keyOf(word), 4) * width
  words.forEach((word, i) => {
    rows[placeOf(word) + i] = 1
  })
  const weights = new Float32Array(filters * reach * width)
  weights[(reach >> 1) * width + words.indexOf(first)] = 1
  weights[((reach >> 1) + 1) * width + words.indexOf(second)] = 1
  const out = new Float32Array(filters)
  out[0] = 3
  return { keys, rows, scale: 1, weights, biases: new Float32Array(filters).fill(-1), out, bias: -0.5 }
}

test('a filter hears its words in their order, anywhere in the text, as strongly as its best place', () => {
  const net = netFor('send', 'mail')
  const score = (text: string) => senseOf(net, text).score
  assert.equal(score('send mail'), 2.5)
  assert.equal(score('The cat: send mail, the cat'), 2.5)
  assert.equal(score('send mail, send mail'), 2.5)
  assert.equal(score('mail send'), -0.5)
  assert.equal(score('send the mail'), -0.5)
  assert.equal(score(''), -0.5)
})

test('each of four filters that are looked with at once keeps its own place', () => {
  for (const filter of [1, 2, 3, 95]) {
    const net = netFor('send', 'mail')
    const span = reach * width
    net.weights.copyWithin(filter * span, 0, span)
    net.weights.fill(0, 0, span)
    net.out[0] = 0
    net.out[filter] = 3
    assert.equal(senseOf(net, 'the cat send mail').score, 2.5)
    assert.equal(senseOf(net, 'the cat').score, -0.5)
  }
})

test('it tells how many words it knows, and takes no word that it knows for another', () => {
  const { words: all, knownWords } = senseOf(netFor('send', 'mail'), 'Send den kater, 42 https://x.example')
  assert.deepEqual([all, knownWords], [3, 1])
})

test('what one text left behind is not heard in the next', () => {
  const net = netFor('send', 'mail')
  senseOf(net, `${'the cat '.repeat(100)}send mail`)
  assert.equal(senseOf(net, 'the').score, -0.5)
  assert.equal(senseOf(net, 'send').score, -0.5)
})
