/**
 * Trains the model that judges what tools answer and sets its operating points: `node scripts/train.ts --corpora FOLDER [--out FILE] [--slice]`.
 * The sets are not part of the repository; the same sets and seed give the same bytes. `--slice` trains on what the
 * grammar alone makes, which is what the test reproduces.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { modelBytes } from '../src/text/linear.ts'
import { answersOf, unseenAnswers } from './train/answers.ts'
import { freshWeights, learn, quantised, storeOf } from './train/learn.ts'
import { pointsOf, printPoints, printUnseen } from './train/points.ts'
import { randomOf } from './train/random.ts'
import { type Sizes, samplesOf } from './train/samples.ts'
import type { Side } from './train/templates.ts'

const { values } = parseArgs({
  options: {
    corpora: { type: 'string' },
    out: { type: 'string', default: 'presets/injection.model' },
    seed: { type: 'string', default: '7' },
    // 'train' keeps one fifth of the families of wordings out, to measure on; 'all' is what ships.
    side: { type: 'string', default: 'all' },
    fold: { type: 'string', default: '4' },
    slice: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed)
const said = (text: string) => process.stderr.write(`${(performance.now() / 1000).toFixed(1)} s  ${text}\n`)

const fold = Number(values.fold)
const side: Side = values.side === 'train' ? 'train' : 'all'
const { train, composed, kept } = answersOf({ corpora: values.corpora, seed, side, fold, isSlice: values.slice })
said(`${train.length} documents of sets, ${composed.length} composed`)

const sizes: Sizes = { long: 600, short: 160 }
const random = randomOf(seed)
const samples = [...train, ...composed].flatMap(doc => samplesOf(doc, { random, sizes }))
const store = storeOf(samples)
said(`${samples.length} windows, ${samples.filter(({ label }) => label === 1).length} of them attacks`)
const weights = freshWeights()
learn(weights, store, { epochs: 4, rate: 0.02, decay: 1e-5, drop: 0.6, random })
const model = quantised(weights)
writeFileSync(values.out, modelBytes(model))
said(`wrote ${values.out}`)
if (!values.slice) printPoints(pointsOf(model, kept))
if (side === 'train') printUnseen(model, unseenAnswers(seed, fold))
