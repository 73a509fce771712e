import assert from 'node:assert/strict'
import test from 'node:test'
import { composeAttacks, composeHarmless, finished } from '../scripts/train/compose.ts'
import { composeDescriptions } from '../scripts/train/compose-descriptions.ts'
import { freshWeights, learn, quantised, storeOf } from '../scripts/train/learn.ts'
import { learnSense } from '../scripts/train/learn-sense.ts'
import { randomOf } from '../scripts/train/random.ts'
import { samplesOf } from '../scripts/train/samples.ts'
import { vectorsOf } from '../scripts/train/word-vectors.ts'
import { modelBytes, scoreText } from '../src/text/linear.ts'
import { scanText } from '../src/text/match.ts'
import { senseNetBytes } from '../src/text/sense-file.ts'
import { senseOf } from '../src/text/sense-net.ts'
import { keyOf } from '../src/text/sense-token.ts'

const sizes = { long: 600, short: 160 }
const slice = { count: 250, hosts: [], side: 'train' } as const

const answers = (seed: number) => [
  ...composeAttacks({ ...slice, seed }),
  ...composeHarmless({ ...slice, seed: seed + 1 }),
]
const descriptions = (seed: number) => composeDescriptions({ count: 300, seed, side: 'train' })

function trained(seed: number, composed = answers(seed)) {
  const random = randomOf(seed)
  const docs = composed.map(finished)
  const weights = freshWeights()
  learn(weights, storeOf(docs.flatMap(doc => samplesOf(doc, { random, sizes }))), {
    epochs: 2,
    rate: 0.02,
    decay: 1e-5,
    drop: 0.6,
    random,
  })
  return quantised(weights)
}

test('the same texts and seed train the same model to the byte, another seed another', () => {
  const first = modelBytes(trained(5))
  assert.deepEqual(modelBytes(trained(5)), first)
  assert.notDeepEqual(modelBytes(trained(6)), first)
})

test('descriptions train the same model to the byte, too', () => {
  const first = modelBytes(trained(5, descriptions(5)))
  assert.deepEqual(modelBytes(trained(5, descriptions(5))), first)
  assert.notDeepEqual(modelBytes(trained(5, descriptions(6))), first)
})

function sense(seed: number) {
  const random = randomOf(seed)
  const docs = [
    ...composeAttacks({ ...slice, count: 60, seed: 5 }),
    ...composeHarmless({ ...slice, count: 60, seed: 6 }),
  ].map(finished)
  const samples = docs.flatMap(doc => samplesOf(doc, { random, sizes }))
  const words = [...new Set(samples.flatMap(({ text }) => text.toLowerCase().match(/\p{L}+/gu) ?? []))]
  // Made-up vectors: what is learned from real ones is measured, here it matters that it is learned alike.
  const vectors = vectorsOf(words, word => Array.from({ length: 20 }, (_, i) => Math.sin((i + 1) * keyOf(word))))
  const net = learnSense(samples, vectors, {
    epochs: 8,
    rate: 0.01,
    decay: 0.01,
    dropWords: 0.1,
    dropFilters: 0.5,
    random,
  })
  return { net, samples }
}

test('the net for the sense of words trains to the byte, too, and learns', () => {
  const { net, samples } = sense(5)
  assert.deepEqual(senseNetBytes(sense(5).net), senseNetBytes(net))
  assert.notDeepEqual(senseNetBytes(sense(6).net), senseNetBytes(net))
  const mean = (label: 0 | 1) => {
    const of = samples.filter(sample => sample.label === label).map(({ text }) => senseOf(net, text).score)
    return of.reduce((sum, score) => sum + score, 0) / of.length
  }
  assert.ok(mean(1) > mean(0) + 1, `${mean(1)} for attacks, ${mean(0)} for the others`)
})

test('windows that train have the sizes that are asked for', () => {
  const text = 'The report of the quarter lies in the shared folder. '.repeat(60)
  const harmless = { id: 'report', source: 'own', kind: 'response', label: 0, text } as const
  const lengths = (long: number, short: number) =>
    new Set(samplesOf(harmless, { random: randomOf(1), sizes: { long, short } }).map(({ text }) => text.length))
  assert.deepEqual(lengths(600, 160), new Set([600, 160]))
  assert.deepEqual(lengths(500, 120), new Set([500, 120]))
})

test('a model of a small slice tells wordings apart that it never saw', () => {
  const model = trained(5)
  const score = (text: string) => scoreText(model, text, { hits: scanText(text).hits, floor: 1e6 })[0]?.score ?? 0
  const attacks = composeAttacks({ count: 150, hosts: [], side: 'unseen', seed: 9 }).map(finished)
  const harmless = composeHarmless({ count: 150, hosts: [], side: 'unseen', seed: 10 }).map(finished)
  const limits = harmless.map(({ text }) => score(text)).sort((a, b) => a - b)
  const [middle = 0] = limits.slice(limits.length >> 1)
  const found = attacks.filter(({ text }) => score(text) > middle).length
  assert.ok(found > attacks.length * 0.7, `${found} of ${attacks.length} above the median of harmless texts`)
})
