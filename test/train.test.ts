import assert from 'node:assert/strict'
import test from 'node:test'
import { composeAttacks, composeHarmless, finished } from '../scripts/train/compose.ts'
import { composeDescriptions } from '../scripts/train/compose-descriptions.ts'
import { freshWeights, learn, quantised, storeOf } from '../scripts/train/learn.ts'
import { randomOf } from '../scripts/train/random.ts'
import { samplesOf } from '../scripts/train/samples.ts'
import { modelBytes, scoreText } from '../src/text/linear.ts'
import { scanText } from '../src/text/match.ts'

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
