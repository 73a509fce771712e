import { type LinearModel, scoreText } from '../../src/text/linear.ts'
import { scanText } from '../../src/text/match.ts'
import { readingOf } from '../../src/text/views.ts'
import type { Doc } from './corpus.ts'
import type { Sample } from './learn.ts'

const perDoc = 3
const around = 250

/** Windows of harmless documents that the model takes for attacks: what it is trained on next. */
export function hardSamples(model: LinearModel, docs: readonly Doc[]): Sample[] {
  const samples: Sample[] = []
  for (const { text: raw } of docs) {
    const { text } = readingOf(raw).plain
    for (const { score, span } of scoreText(model, text, { hits: scanText(text).hits, floor: -1 }).slice(0, perDoc)) {
      if (score < -1) continue
      samples.push({
        text: text.slice(Math.max(0, span[0] - around), span[1] + around).slice(0, 700),
        label: 0,
        weight: 1.5,
      })
      samples.push({ text: text.slice(span[0], span[1]), label: 0, weight: 0.5 })
    }
  }
  return samples
}
