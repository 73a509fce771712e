/**
 * Trains the model that judges what tools answer and sets its operating points: `node scripts/train.ts --corpora FOLDER [--out FILE] [--slice]`.
 * The sets are not part of the repository; the same sets and seed give the same bytes. `--slice` trains on what the
 * grammar alone makes, which is what the test reproduces.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { modelBytes } from '../src/text/linear.ts'
import { composeAttacks, composeHarmless, finished, type Side } from './train/compose.ts'
import { type Doc, readLocal, readSets, shareOf } from './train/corpus.ts'
import { freshWeights, learn, quantised, storeOf } from './train/learn.ts'
import { pointsOf, printPoints, printUnseen } from './train/points.ts'
import { randomOf } from './train/random.ts'
import { type Sizes, samplesOf } from './train/samples.ts'

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

const given: Doc[] =
  values.corpora === undefined ? [] : [...readSets(values.corpora), ...(values.slice ? [] : readLocal())]
// A quarter of the documents never trains: operating points are set on them.
const isKept = (doc: Doc) => shareOf(doc.id) < 25
// What servers say of their tools is the other model's.
const train = given.filter(doc => !isKept(doc) && doc.kind === 'response')
const hosts = train
  .filter(doc => doc.label === 0 && doc.kind === 'response' && doc.text.length > 300)
  .map(doc => doc.text)
// More orders to an agent than requests between people: with more of these the model unlearns to hear orders at all.
const counts = values.slice ? [300, 300] : [24_000, 20_000]
const [attacks = 0, talks = 0] = counts
const fold = Number(values.fold)
const side: Side = values.side === 'train' ? 'train' : 'all'
const composed = [
  ...composeAttacks({ count: attacks, seed: seed + 1, side, fold, hosts }),
  ...composeHarmless({ count: talks, seed: seed + 2, side, fold, hosts }),
].map(finished)
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
if (!values.slice) printPoints(pointsOf(model, given.filter(isKept)))
if (side === 'train') {
  const unseen = { seed: seed + 4, side: 'unseen', fold, hosts: [] } as const
  printUnseen(
    model,
    [...composeAttacks({ ...unseen, count: 2000 }), ...composeHarmless({ ...unseen, count: 2000 })].map(finished),
  )
}
