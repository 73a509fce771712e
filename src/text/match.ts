import { type Automaton, automatonFrom, type Ways } from './automaton.ts'
import { carriedOver } from './copied.ts'
import { treeFrom, treeOf, treeParts } from './literal-tree.ts'
import { tokenLiterals } from './role-token.ts'
import { deedRules } from './rules/deeds.ts'
import { concepts, literals } from './rules/lexicon.ts'
import { orderRules } from './rules/orders.ts'
import type { Rule } from './rules/rule.ts'
import { type Order, sequencesOf } from './sequence.ts'
import { partsOfTable, type Table } from './stored-table.ts'
import type { Span, View } from './view.ts'

export const rules: readonly Rule[] = [...orderRules, ...deedRules]

export type RuleMatch = { readonly rule: Rule; readonly span: Span }

export type Scan = {
  readonly matches: readonly RuleMatch[]
  /** The concepts met, in reading order, three numbers each: concept, from, to. */
  readonly hits: readonly number[]
  /** Marks of chat templates, in the same way: control or answer of a tool, from, to. */
  readonly tokens: readonly number[]
  readonly turns: { readonly isRot13: boolean; readonly isReversed: boolean }
}

export const matchBounds = { matches: 64 } as const

type Machine = {
  readonly automaton: Automaton
  readonly sequences: ReturnType<typeof sequencesOf>
}
let machine: Machine | undefined

/** All words and phrases of the rules, and the marks of chat templates. */
export const wordsTable: Table = {
  name: 'words',
  make: () => treeParts(treeOf([...literals(), ...tokenLiterals(concepts.length)])),
}

/** Compiles words and rules once, on first use: a command that reads no text pays nothing for them. */
function machineOf(): Machine {
  machine ??= {
    automaton: automatonFrom(treeFrom(partsOfTable(wordsTable))),
    sequences: sequencesOf(rules.flatMap(ordersOf), concepts.length),
  }
  return machine
}

function ordersOf({ id, orders, gap }: Rule, rule: number): Order[] {
  return orders.map(order => ({
    rule,
    gap,
    steps: order.split(' ').map(name => {
      const concept = concepts.indexOf(name)
      if (concept < 0) throw new Error(`rule ${id} names no concept: ${name}`)
      return concept
    }),
  }))
}

const sentenceEnd = /[.!?]\s+\p{Lu}|\n\n/u

/** Finds the rules and concepts of a text in one pass. `isLoose`: the text lost its spaces. */
export function scanText(text: string, isLoose = false): Scan {
  return scanOf(text, metIn(text, { isLoose }))
}

/**
 * The same for a text of which a view was scanned: most of it stands in the view as it was, and only what touches a
 * rewritten place is looked for. Nearly every page and many answers are such texts.
 */
export function scanOriginal(text: string, { view, scan }: { readonly view: View; readonly scan: Scan }): Scan {
  const carried = carriedOver(text, view, machineOf().automaton.reach)
  if (carried === undefined) return scanText(text)
  const { hits, tokens } = metIn(text, { starts: carried.starts })
  return scanOf(text, { hits: carried.join(scan.hits, hits), tokens: carried.join(scan.tokens, tokens) })
}

type Met = Pick<Scan, 'hits' | 'tokens'>

function metIn(text: string, ways: Ways): Met {
  const met = machineOf().automaton.scan(text, ways)
  let marks = 0
  for (let i = 0; i < met.length; i += 3) marks += (met[i] ?? 0) < concepts.length ? 0 : 1
  // Nearly all texts hold words alone.
  if (marks === 0) return { hits: met, tokens: [] }
  const hits: number[] = []
  const tokens: number[] = []
  for (let i = 0; i < met.length; i += 3) {
    const [concept = 0, from = 0, to = 0] = [met[i], met[i + 1], met[i + 2]]
    if (concept < concepts.length) hits.push(concept, from, to)
    else tokens.push(concept - concepts.length, from, to)
  }
  return { hits, tokens }
}

function scanOf(text: string, { hits, tokens }: Met): Scan {
  const { sequences } = machineOf()
  const matches: RuleMatch[] = []
  const last = new Map<number, RuleMatch>()
  sequences.run(hits, (number, span) => {
    const rule = rules[number]
    if (rule === undefined || matches.length >= matchBounds.matches) return
    const before = last.get(number)
    if (rule.isOneSentence === true && sentenceEnd.test(text.slice(...span))) return
    // The same rule again where it just matched is one match that grew.
    if (before !== undefined && span[0] < before.span[1]) return
    const match = { rule, span }
    last.set(number, match)
    matches.push(match)
  })
  return { matches, hits, tokens, turns: turnsIn(hits) }
}

const rot13 = concepts.indexOf('rot13')
const reversed = concepts.indexOf('reversed')
const turnWords = 3
const turnUnits = 120

/** Turned text is dense with turned words; in a long honest text a few stand far from each other by chance. */
function turnsIn(hits: readonly number[]): Scan['turns'] {
  return { isRot13: isDense(hits, rot13), isReversed: isDense(hits, reversed) }
}

function isDense(hits: readonly number[], concept: number): boolean {
  let chain = 0
  let end = Number.NEGATIVE_INFINITY
  for (let i = 0; i < hits.length; i += 3) {
    if (hits[i] !== concept) continue
    chain = (hits[i + 1] ?? 0) - end <= turnUnits ? chain + 1 : 1
    end = hits[i + 2] ?? 0
    if (chain >= turnWords) return true
  }
  return false
}
