import { concepts } from './rules/lexicon.ts'
import type { Span } from './view.ts'

/** Where in a page a text stands that a reader would not see. */
export type Zone = 'a comment' | 'a hidden element' | 'concealed terminal text'

const reach = 4000
const hiding =
  /<[A-Za-z][^<>]{0,300}(?:display\s?:\s?none|visibility\s?:\s?hidden|font-size\s?:\s?0|opacity\s?:\s?0[;"'\s]|color\s?:\s?(?:white|transparent|#fff)|aria-hidden\s?=|\shidden[\s=>])[^<>]{0,300}>[^<]{0,2000}$/u

/** The hidden place around an offset of the text as it came, if there is one. */
export function zoneAt(raw: string, from: number): Zone | undefined {
  const before = raw.slice(Math.max(0, from - reach), from)
  if (before.lastIndexOf('<!--') > before.lastIndexOf('-->')) return 'a comment'
  if (before.lastIndexOf('\u001b[8m') > Math.max(before.lastIndexOf('\u001b[0m'), before.lastIndexOf('\u001b[28m')))
    return 'concealed terminal text'
  const line = before.slice(before.lastIndexOf('\n') + 1)
  if (/^\[(?:\/\/|comment|_)\]:/u.test(line)) return 'a comment'
  return before.includes('<') && hiding.test(before.slice(-2600)) ? 'a hidden element' : undefined
}

const talk = concepts.indexOf('aboutAttacks')
const announcing = concepts.indexOf('quoting')
const talkReach = 500
const opening = /["'`“‘«「『„]\s{0,2}$/u
const closing = /^[^\n]{0,200}?["'`”’»」』]/u

/** Whether a span is spoken about rather than said: a text about attacks, or a quotation announced as one. */
export function isSpokenAbout(text: string, hits: readonly number[], [from, to]: Span): boolean {
  const isQuoted = opening.test(text.slice(Math.max(0, from - 12), from)) && closing.test(text.slice(to, to + 240))
  for (let i = firstHitAfter(hits, from - talkReach); i < hits.length; i += 3) {
    const [at, end] = [hits[i + 1] ?? 0, hits[i + 2] ?? 0]
    if (at > to + talkReach) break
    if ((end <= from || at >= to) && (hits[i] === talk || (isQuoted && hits[i] === announcing))) return true
  }
  return false
}

/** Hits come by their ends: half of the rest at a time, not all of them for each span. */
function firstHitAfter(hits: readonly number[], offset: number): number {
  let low = 0
  let high = hits.length / 3
  while (low < high) {
    const middle = (low + high) >> 1
    if ((hits[middle * 3 + 2] ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low * 3
}

const sentenceReach = 400

/** The sentence, or what of it is near, so that cutting an order does not leave its second half. */
export function sentenceAround(text: string, [from, to]: Span): Span {
  const before = text.slice(Math.max(0, from - sentenceReach), from)
  const ends = [...before.matchAll(/[.!?]\s|[\n。！？>]/gu)]
  const last = ends.at(-1)
  const start = last === undefined ? from - before.length : from - before.length + last.index + last[0].length
  const end = text.slice(to, to + sentenceReach).search(/[.!?](?:\s|$)|[\n。！？<]/u)
  return [
    start,
    end < 0
      ? Math.min(text.length, to + sentenceReach)
      : to + end + (/[.!?。！？]/u.test(text[to + end] ?? '') ? 1 : 0),
  ]
}
