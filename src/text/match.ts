import { automatonOf } from './automaton.ts'
import { deedRules } from './rules/deeds.ts'
import { concepts, literals } from './rules/lexicon.ts'
import { orderRules } from './rules/orders.ts'
import type { Rule } from './rules/rule.ts'
import { type Order, sequencesOf } from './sequence.ts'
import type { Span } from './view.ts'

export const rules: readonly Rule[] = [...orderRules, ...deedRules]

export type RuleMatch = { readonly rule: Rule; readonly span: Span }

export type Scan = {
  readonly matches: readonly RuleMatch[]
  /** The concepts met, in reading order, three numbers each: concept, from, to. */
  readonly hits: readonly number[]
  readonly turns: { readonly isRot13: boolean; readonly isReversed: boolean }
}

export const matchBounds = { matches: 200 } as const

type Machine = {
  readonly automaton: ReturnType<typeof automatonOf>
  readonly sequences: ReturnType<typeof sequencesOf>
}
let machine: Machine | undefined

/** Compiles words and rules once, on first use: a command that reads no text pays nothing for them. */
function machineOf(): Machine {
  machine ??= {
    automaton: automatonOf(literals()),
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

/** Finds the rules and concepts of a text in one pass. `isLoose`: the text lost its spaces. */
export function scanText(text: string, isLoose = false): Scan {
  const { automaton, sequences } = machineOf()
  const hits: number[] = []
  const matches: RuleMatch[] = []
  const last = new Map<number, RuleMatch>()
  const next = sequences.start((number, span) => {
    const rule = rules[number]
    if (rule === undefined || matches.length >= matchBounds.matches) return
    const before = last.get(number)
    // The same rule again where it just matched is one match that grew.
    if (before !== undefined && span[0] < before.span[1]) return
    const match = { rule, span }
    last.set(number, match)
    matches.push(match)
  })
  automaton.scan(
    text,
    (concept, from, to) => {
      hits.push(concept, from, to)
      next(concept, from, to)
    },
    isLoose,
  )
  return { matches, hits, turns: turnsIn(hits) }
}

const rot13 = concepts.indexOf('rot13')
const reversed = concepts.indexOf('reversed')
const turnWords = 3

function turnsIn(hits: readonly number[]): Scan['turns'] {
  let [forth, back] = [0, 0]
  for (let i = 0; i < hits.length; i += 3) {
    if (hits[i] === rot13) forth++
    else if (hits[i] === reversed) back++
  }
  return { isRot13: forth >= turnWords, isReversed: back >= turnWords }
}
