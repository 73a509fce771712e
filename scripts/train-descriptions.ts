/**
 * Trains the model that judges what servers say of their tools and sets its operating points:
 * `node scripts/train-descriptions.ts --corpora FOLDER [--out FILE] [--side train --fold N]`. The same sets and seed give
 * the same bytes. `--side train` keeps one fifth of the families of wordings out and measures on those alone.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { aboutOf, claimsIn } from '../src/text/claims.ts'
import { modelBytes } from '../src/text/linear.ts'
import { scanText } from '../src/text/match.ts'
import { composeAttacks, composeHarmless, finished } from './train/compose.ts'
import { composeDescriptions } from './train/compose-descriptions.ts'
import { type Doc, readLocal, readSets, shareOf } from './train/corpus.ts'
import { freshWeights, learn, quantised, storeOf } from './train/learn.ts'
import { pointsOf, printPoints, topScore } from './train/points.ts'
import { randomOf } from './train/random.ts'
import { type Sizes, samplesOf } from './train/samples.ts'
import type { Side } from './train/templates.ts'

const { values } = parseArgs({
  options: {
    corpora: { type: 'string', default: '' },
    out: { type: 'string', default: 'presets/description.model' },
    seed: { type: 'string', default: '7' },
    side: { type: 'string', default: 'all' },
    fold: { type: 'string', default: '4' },
  },
})
const seed = Number(values.seed)
const side: Side = values.side === 'train' ? 'train' : 'all'
const choice = { side, fold: Number(values.fold) }

const given: Doc[] = [...readSets(values.corpora), ...readLocal()]
// A quarter of the documents never trains: operating points are set on them. What is an attack or harmless in an answer
// is the same here, but for what people ask of each other.
const isKept = (doc: Doc) => shareOf(doc.id) < 25
// Descriptions that somebody really wrote are few beside those of the grammar: each counts several times.
const timesOf = ({ kind, label, source }: Doc) =>
  kind === 'description' && label === 0 && source !== 'packages' ? 6 : 1
const train = given.filter(doc => !isKept(doc)).flatMap(doc => Array.from({ length: timesOf(doc) }, () => doc))
const composed = [
  ...composeAttacks({ count: 6000, seed: seed + 1, hosts: [], ...choice }),
  ...composeHarmless({ count: 3000, seed: seed + 2, hosts: [], ...choice }),
  ...composeDescriptions({ count: 20_000, seed: seed + 3, ...choice }),
].map(finished)

const sizes: Sizes = { long: 600, short: 160 }
const random = randomOf(seed)
const weights = freshWeights()
const store = storeOf([...train, ...composed].flatMap(doc => samplesOf(doc, { random, sizes })))
learn(weights, store, { epochs: 4, rate: 0.02, decay: 1e-5, drop: 0.45, random })
const model = quantised(weights)
writeFileSync(values.out, modelBytes(model))
process.stdout.write(`wrote ${values.out} after ${store.labels.length} windows\n`)

const points = pointsOf(model, given.filter(isKept)).description
printPoints({ description: points ?? { ask: 0, block: 0 } })
if (side === 'train') {
  const unseen = composeDescriptions({ count: 2000, seed: seed + 4, side: 'unseen', fold: choice.fold }).map(finished)
  for (const label of [1, 0] as const) {
    const judged = unseen
      .filter(doc => doc.label === label)
      .map(({ text }) => ({ score: topScore(model, text), claimed: claimed(text) }))
    const { ask = 0, block = 0 } = points ?? {}
    const share = (of: readonly unknown[]) => ((100 * of.length) / judged.length).toFixed(1)
    const asked = share(judged.filter(({ score }) => score >= ask))
    const either = share(judged.filter(({ score, claimed }) => score >= ask || claimed >= 1))
    const stopped = share(
      judged.filter(({ score, claimed }) => score >= block || claimed + (score >= ask && claimed > 0 ? 1 : 0) >= 2),
    )
    process.stdout.write(
      `  ${label === 1 ? 'poisoned' : 'honest'}: model asks ${asked} %, with claims ${either} %, block ${stopped} % of ${judged.length}\n`,
    )
  }
}

function claimed(text: string): number {
  const claims = claimsIn(text, { about: aboutOf('', text), hits: scanText(text).hits })
  return claims.reduce((sum, { weight }) => sum + weight, 0)
}
