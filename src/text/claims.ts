import { isPossible, lookFor } from './claim-needs.ts'
import { type ClaimRule, words } from './claim-rule.ts'
import { claimRules } from './claim-rules.ts'
import { claimWords } from './claim-words.ts'
import { concepts } from './rules/lexicon.ts'
import type { Span } from './view.ts'

/** One thing that a description wants besides being used for what it is for. */
export type Claim = Pick<ClaimRule, 'id' | 'says' | 'weight'> & { readonly span: Span }

export const claimBounds = { units: 65_536, sentences: 1500, sentenceUnits: 1200 } as const

/** What a tool is for, as it says itself: its name and its first words. */
type Asked = { readonly about: About; readonly hits: readonly number[] }

export type About = { readonly name: string; readonly first: string }

/** Claims of a description, one of each kind, in the order of the text. */
export function claimsIn(text: string, { about, hits }: Asked): readonly Claim[] {
  const found = new Map<string, Claim>()
  const read = text.slice(0, claimBounds.units)
  const spans = sentencesOf(read)
  const sentences = spans.map(span =>
    read
      .slice(...span)
      .replace(marks, '')
      .toLowerCase(),
  )
  // Most rules miss their first part everywhere: the other patterns of these are never compiled. Each sentence begins a
  // line here, for patterns that look at how one begins.
  const lines = sentences.join('\n')
  const inAll = lookFor(lines)
  const open = claimRules.filter(
    ({ id, all: [first], excusedBy }) =>
      isPossible(id, inAll) && first?.test(lines) !== false && excusedBy?.test(about.name) !== true,
  )
  for (const [i, span] of spans.entries()) {
    const sentence = sentences[i] ?? ''
    const inSentence = open.length > 0 && spans.length > 1 ? lookFor(sentence) : inAll
    for (const rule of open)
      if (
        !found.has(rule.id) &&
        isPossible(rule.id, inSentence) &&
        isClaimed(rule, sentence) &&
        !isExcused(rule, about, sentence)
      )
        found.set(rule.id, { id: rule.id, says: rule.says, weight: rule.weight, span })
    for (const claim of saidAbroad(sentence, { span, hits })) if (!found.has(claim.id)) found.set(claim.id, claim)
  }
  return [...found.values(), ...pushedAway(read)]
}

/** Far to the right or far below: where a person who looks at a list of tools does not look. */
function pushedAway(text: string): Claim[] {
  const gap = /[^\S\n]{80}[^\S\n]{0,4000}\S|\n{12}\s{0,4000}\S/u.exec(text)
  if (gap === null) return []
  const at = gap.index + gap[0].length - 1
  return [
    {
      id: 'pushes-away',
      says: 'stands where nobody looks, after a long blank',
      weight: 1,
      span: [at, Math.min(text.length, at + 200)],
    },
  ]
}

/** A name in words, and the first sentence of what is said of it. */
export function aboutOf(name: string, text: string): About {
  const [first = [0, 0] as const] = sentencesOf(text.slice(0, 400))
  return {
    name: inWords(name),
    first: inWords(
      text
        .slice(...first)
        .replace(marks, '')
        .slice(0, aboutUnits),
    ),
  }
}

function inWords(text: string): string {
  return text
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1 $2')
    .replaceAll(/[\s_./-]+/gu, ' ')
    .trim()
    .toLowerCase()
}

/** No sentence is its own excuse: an attack that stands first must not pass for what the tool is for. */
function isExcused({ excusedBy }: ClaimRule, { first }: About, sentence: string): boolean {
  return excusedBy?.test(first) === true && (first === '' || !inWords(sentence).includes(first))
}

const aboutUnits = 160

function isClaimed({ all, unless }: ClaimRule, sentence: string): boolean {
  return all.every(part => part.test(sentence)) && unless?.test(sentence) !== true
}

/** What may stand before the first word of a sentence: signs of headings, lists, quotes and remarks. */
const marks = /^[\s#>*(\d).-]{0,16}/u

/** Where sentences begin and end; a line of a list, a parameter and a quoted tag are sentences of their own. */
function sentencesOf(text: string): Span[] {
  const spans: Span[] = []
  let from = 0
  for (const end of text.matchAll(/(?:[.!?]|;(?=\s+[\w-]{1,40} ?\([a-z]))(?=\s+[\p{L}\d`"'<([*-])|\n+|[。！？；।]/gu)) {
    const to = end.index + end[0].length
    if (to - from > 2) spans.push([from, Math.min(to, from + claimBounds.sentenceUnits)])
    from = to
    if (spans.length >= claimBounds.sentences) return spans
  }
  if (text.length - from > 2) spans.push([from, Math.min(text.length, from + claimBounds.sentenceUnits)])
  return spans
}

const file = words(claimWords.secretFile)
const conceptNumbers = (...names: string[]): ReadonlySet<number> => new Set(names.map(name => concepts.indexOf(name)))
const assets = conceptNumbers('credential', 'hidden')
const deeds = conceptNumbers('send', 'read', 'remember')
const hush = conceptNumbers('silently')

/** The same in other languages, by the words that the rules know in them: an English sentence has its own patterns. */
function saidAbroad(sentence: string, { span, hits }: { span: Span; hits: readonly number[] }): Claim[] {
  if (!/[^\p{ASCII}\p{P}\p{S}]/u.test(sentence)) return []
  const met = new Set<number>()
  for (let i = 0; i < hits.length; i += 3)
    if ((hits[i + 1] ?? 0) >= span[0] && (hits[i + 2] ?? 0) <= span[1]) met.add(hits[i] ?? -1)
  const has = (of: ReadonlySet<number>): boolean => [...of].some(each => met.has(each))
  const claims: Claim[] = []
  if ((has(assets) || file.test(sentence)) && has(deeds))
    claims.push({ id: 'takes-abroad', says: 'wants secrets or the conversation', weight: 1, span })
  if (has(hush)) claims.push({ id: 'hushes', says: 'wants something kept from the person', weight: 1, span })
  return claims
}
