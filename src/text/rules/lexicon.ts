import type { Literal } from '../literal-tree.ts'
import { nouns } from './nouns.ts'
import { phrases } from './phrases.ts'
import { readings } from './readings.ts'
import { verbs } from './verbs.ts'

// Concept → words and phrases of all languages, parted by bars; `*` leaves an end open.
const lexicon = { ...verbs, ...nouns, ...phrases, ...readings }

export type Concept = keyof typeof lexicon

/** The concepts by name, in the order of their numbers. */
export const concepts: readonly string[] = Object.keys(lexicon)

/** Every word of the lexicon with the number of its concept. */
export function literals(): Literal[] {
  return Object.values(lexicon).flatMap((list, id) => wordsOf(list).map(text => ({ text, id })))
}

function wordsOf(list: string): string[] {
  const words = list.split('|').map(word => word.trim().replaceAll('¦', '|'))
  return [...new Set(words)].filter(word => word !== '')
}
