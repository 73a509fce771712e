import { readingOf } from '../../src/text/views.ts'
import type { Doc } from './corpus.ts'
import type { Sample } from './learn.ts'
import type { Random } from './random.ts'

/** Units of the windows that train. Each model names its own, so that a change for one leaves the other reproducible. */
export type Sizes = { readonly long: number; readonly short: number }

type Sampling = { readonly random: Random; readonly sizes: Sizes }

const perDoc = 8

/** Windows of a document: around the attack where it is known, anywhere where there is none. */
export function samplesOf(doc: Doc, sampling: Sampling): Sample[] {
  const text = readingOf(doc.text).plain.text
  return doc.label === 0 ? harmlessSamples(text, sampling) : attackSamples(doc, text, sampling)
}

function harmlessSamples(text: string, { random, sizes: { long, short } }: Sampling): Sample[] {
  if (text.length <= long)
    return [{ text, label: 0, weight: 1 }, ...slices(text, short, { random, count: 1, label: 0 })]
  const count = Math.min(perDoc, Math.ceil(text.length / 700))
  return [
    ...slices(text, long, { random, count, label: 0 }),
    ...slices(text, short, { random, count: Math.ceil(count / 4), label: 0 }),
  ]
}

function attackSamples(doc: Doc, text: string, { random, sizes: { long, short } }: Sampling): Sample[] {
  const payload = doc.payload === undefined ? undefined : readingOf(doc.payload).plain.text.trim()
  const at = payload === undefined ? -1 : text.indexOf(payload)
  if (payload === undefined || at < 0) {
    // Encoded or of unknown place: only a text that is short enough to be the attack teaches anything.
    return text.length > 900 || doc.payload !== undefined ? [] : [{ text: text.slice(0, long), label: 1, weight: 1 }]
  }
  const end = at + payload.length
  const around = (units: number): Sample => {
    const slack = Math.max(0, units - payload.length)
    const from = Math.max(0, at - random.below(slack + 1))
    return { text: text.slice(from, Math.max(from + units, Math.min(end, from + units))), label: 1, weight: 1 }
  }
  return [around(long), around(short), { text: text.slice(at, Math.min(end, at + long)), label: 1, weight: 0.5 }]
}

type Slicing = { readonly random: Random; readonly count: number; readonly label: 0 | 1 }

function slices(text: string, units: number, { random, count, label }: Slicing): Sample[] {
  return Array.from({ length: count }, () => {
    const from = random.below(Math.max(1, text.length - units))
    return { text: text.slice(from, from + units), label, weight: 1 }
  })
}
