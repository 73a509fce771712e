import { claimNeeds, claimWordLists } from './claim-needs.generated.ts'
import { type KeywordScan, keywordTable, storedKeywordScan } from './keyword.ts'

/** A word that is looked up, the other words that must stand beside it, and the list that is then met. */
type Entry = { readonly others: readonly string[]; readonly list: number }
type Lookup = {
  readonly byWord: ReadonlyMap<string, readonly Entry[]>
  readonly signs: KeywordScan
  /** Of each sign the lists that it meets. */
  readonly listsOf: readonly (readonly number[])[]
}

let lookup: Lookup | undefined

/** Of each list of words whether a text has what it asks for. */
export type Met = Readonly<Uint8Array>

/** Looks in a text in lower case for what the patterns of claims need: a tenth of the time that the patterns take. */
export function lookFor(text: string): Met {
  lookup ??= lookupOf(claimWordLists)
  const { byWord, signs, listsOf } = lookup
  const met = new Uint8Array(claimWordLists.length)
  signs(text, sign => {
    for (const list of listsOf[sign] ?? []) met[list] = 1
  })
  const words = text.match(/\w+/gu) ?? []
  let all: ReadonlySet<string> | undefined
  for (const word of words)
    for (const { others, list } of byWord.get(word) ?? []) {
      if (met[list] === 1) continue
      if (others.length > 0) all ??= new Set(words)
      if (others.every(other => all?.has(other))) met[list] = 1
    }
  return met
}

/** Whether the patterns of a rule can match; never no where they do. */
export function isPossible(id: string, met: Met): boolean {
  return claimNeeds[id]?.every(part => part.some(lists => lists.every(list => met[list] === 1))) ?? true
}

function lookupOf(lists: readonly string[]): Lookup {
  const byWord = new Map<string, Entry[]>()
  const bySign = new Map<string, number[]>()
  for (const [list, words] of lists.entries())
    for (const each of words.split('|')) {
      const [word = '', ...others] = each.split(' ')
      if (each.startsWith('~')) addTo(bySign, each.slice(1), list)
      else addTo(byWord, word, { others, list })
    }
  return { byWord, signs: storedKeywordScan(signsTable), listsOf: [...bySign.values()] }
}

/** What of the needs of claims is no whole word, in the order in which it is first named. */
export const signsTable = keywordTable('claim-signs', () => {
  const all = claimWordLists.flatMap(words => words.split('|')).filter(each => each.startsWith('~'))
  return [...new Set(all.map(each => each.slice(1)))]
})

function addTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, [value])
  else known.push(value)
}
