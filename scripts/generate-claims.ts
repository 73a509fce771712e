import { claimRules } from '../src/text/claim-rules.ts'
import { edge, requiredWords } from './required-words.ts'

/** The words that each rule of claims needs, taken from its patterns: to look for words costs less than to compile. */
export function claimNeedsModule(): string {
  const lists: string[] = []
  const numberOf = (list: string): number => {
    if (!lists.includes(list)) lists.push(list)
    return lists.indexOf(list)
  }
  const numbersOf = (source: string): number[] =>
    requiredWords(source)
      .map(words => words.map(asTokens))
      .filter(list => !list.some(isUnfit))
      .map(list => numberOf([...new Set(list)].toSorted().join('|')))
  const rules = claimRules.map(({ id, all }) => {
    const parts = all.map(({ sources }) => sources.map(numbersOf))
    return `  '${id}': ${JSON.stringify(parts)},`
  })
  return [
    '// Made by `npm run generate` from the patterns of the rules; change those.',
    '/** Words, several that must all stand in a sentence joined by a space; after `~` signs that may stand in a word. */',
    'export const claimWordLists: readonly string[] = [',
    ...lists.map(list => `  ${JSON.stringify(list)},`),
    ']',
    '',
    '/** For each rule its parts, for each part its alternatives, for each of these the lists of which it needs a word. */',
    'export const claimNeeds: Readonly<Record<string, readonly (readonly (readonly number[])[])[]>> = {',
    ...rules,
    '}',
    '',
  ].join('\n')
}

/** Whole words where the pattern names one, rarest first; otherwise its signs as they are. */
function asTokens(word: string): string {
  const tokens = [...word.matchAll(new RegExp(`(?<=${edge})\\w+(?=${edge})`, 'gu'))].map(([token]) => token)
  const sorted = [...new Set(tokens)].toSorted((a, b) => b.length - a.length)
  const signs = word.replaceAll(edge, '')
  return sorted.length > 0 ? sorted.join(' ') : `~${signs}`
}

/** What every text has, and what a list cannot hold; to leave such a list out only has more patterns tried. */
function isUnfit(each: string): boolean {
  return each === '~ ' || /^~.*[|~]/u.test(each)
}
