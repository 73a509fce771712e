import { decodedRuns } from './encoded.ts'
import { foldedView } from './fold.ts'
import { joinedView, reversedView, rot13View, undigitedView } from './letters.ts'
import { unmarkedView } from './markup.ts'
import { quotedView } from './quoted.ts'
import { rejoinedView } from './rejoined.ts'
import { type Traits, traitsOf } from './traits.ts'
import { unescapedView } from './unescape.ts'
import type { View } from './view.ts'

export const viewBounds = { depth: 3, growth: 3, slackUnits: 262_144 } as const

/** A text in every way a model may come to read it. */
export type Reading = {
  /** As it came. */
  readonly raw: View
  /** Folded, unescaped and without markup; the same as `raw` for ordinary text. */
  readonly plain: View
  /** What was spelled or encoded: decoded runs, joined letters. */
  readonly others: readonly View[]
  /** How many packed or nested parts lay beyond the bounds; a guard says `not-inspected` for them. */
  readonly left: number
}

/** Makes the views that the text's traits ask for, and no more. */
export function readingOf(text: string): Reading {
  const raw: View = { text }
  const budget = { units: text.length * viewBounds.growth + viewBounds.slackUnits, left: 0 }
  const others: View[] = []
  const plain = expand(raw, { depth: 0, others, budget })
  return { raw, plain, others, left: budget.left }
}

/** The views that are made only when a scan saw words of the kind; see `triggersOf`. */
export function turnedViews(plain: View, turns: { readonly isRot13: boolean; readonly isReversed: boolean }): View[] {
  return [...(turns.isRot13 ? [rot13View(plain)] : []), ...(turns.isReversed ? [reversedView(plain)] : [])]
}

type Work = { depth: number; others: View[]; budget: { units: number; left: number } }

function expand(start: View, work: Work): View {
  let view = start
  let traits = traitsOf(view.text, true)
  for (let round = 0; round < viewBounds.depth && needsPlain(traits); round++) {
    const next = plainer(view, traits)
    if (next === view) break
    view = next
    traits = traitsOf(view.text, true)
  }
  if (!traits.isWhole) traits = traitsOf(view.text)
  addSpelled(view, traits, work)
  const quoted = traits.hasQuotes ? quotedView(view) : undefined
  if (quoted !== undefined) spend(quoted, work)
  if (traits.hasRuns) addDecoded(view, traits, work)
  return view
}

function needsPlain(traits: Traits): boolean {
  return traits.isFoldable || traits.hasEscapes || traits.hasMarkup
}

function plainer(view: View, traits: Traits): View {
  const unescaped = traits.hasEscapes ? (unescapedView(view) ?? view) : view
  const isFoldable = traits.isFoldable || unescaped !== view
  const from = unescaped === view ? traits.foldableFrom : 0
  const folded = isFoldable ? (foldedView(unescaped, from) ?? unescaped) : unescaped
  return traits.hasMarkup || folded !== view ? (unmarkedView(folded) ?? folded) : folded
}

function addSpelled(view: View, traits: Traits, work: Work): void {
  const joined = traits.isSpaced ? joinedView(view) : undefined
  if (joined !== undefined) spend(joined, work)
  const undigited = traits.hasDigitWords ? undigitedView(joined ?? view) : undefined
  if (undigited !== undefined) spend(undigited, work)
  const rejoined = rejoinedView(view)
  if (rejoined !== undefined && spend(rejoined, work)) {
    const plain = unescapedView(rejoined)
    if (plain !== undefined) spend(plain, work)
  }
}

function addDecoded(view: View, traits: Traits, work: Work): void {
  const { view: decoded, left } = decodedRuns(view, traits)
  work.budget.left += left
  if (decoded === undefined) return
  if (work.depth + 1 >= viewBounds.depth) {
    // One more layer than is opened: what it holds is kept as found, and said not to be read further.
    work.budget.left += traitsOf(decoded.text).hasRuns ? 1 : 0
    spend(decoded, work)
    return
  }
  const deeper = { ...work, depth: work.depth + 1 }
  if (spend(decoded, work)) {
    const plain = expand(decoded, deeper)
    if (plain !== decoded) spend(plain, work)
  }
}

function spend(view: View, { others, budget }: Work): boolean {
  budget.units -= view.text.length
  if (budget.units < 0) budget.left++
  else others.push(view)
  return budget.units >= 0
}
