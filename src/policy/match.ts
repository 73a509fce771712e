import { type Confidence, type Finding, severities } from '../core/finding.ts'
import { anyGlobOf, type Glob } from '../core/glob.ts'
import { anySpellingOf, everySpellingOf } from '../core/resource-name.ts'
import type { Facts } from './facts.ts'
import type { FindingMatch, Match, OneOrMore, Rule } from './rule.ts'

/** Parts of a match that depend on the route only: what a message is about, not what is in it. */
export type Route = Pick<Facts, 'kind' | 'server' | 'tool' | 'resource' | 'prompt' | 'method' | 'isRequest'>

/** A match made ready. Each test returns the name of the first part that does not fit, or undefined when all do. */
export type Matcher = {
  onRoute(route: Route): string | undefined
  onFacts(facts: Facts): string | undefined
  /** Undefined: the rule does not look at findings. */
  readonly findings: FindingTest | undefined
}

export type FindingTest = (finding: Finding) => boolean

/** Compiles the native part of a rule. */
export function matcherOf({ match = {}, then }: Rule): Matcher {
  // What refuses must not be dodged by spelling; what allows must not be won by it.
  const namesOf = then === 'allow' ? exactNames : looseNames
  return {
    onRoute: routeTest(match, key => (key === 'resource' ? addressesOf(then) : namesOf)),
    onFacts: factsTest(match, namesOf),
    findings: findingTest(match.findings),
  }
}

type Names = (patterns: OneOrMore<string>) => Glob

const exactNames: Names = patterns => anyGlobOf(listOf(patterns))

const looseNames: Names = patterns => {
  const fits = anyGlobOf(listOf(patterns).map(pattern => pattern.toLowerCase()))
  return name => fits(name.toLowerCase())
}

/** A resource has many spellings: a rule that refuses holds for all of them, one that allows for none that leads elsewhere. */
function addressesOf(then: Rule['then']): Names {
  if (then === 'allow') return patterns => everySpellingOf(listOf(patterns))
  return patterns => {
    const fits = anySpellingOf(listOf(patterns).map(pattern => pattern.toLowerCase()))
    return address => fits(address.toLowerCase())
  }
}

/** A value or a list of values, as a list. */
export function listOf<T extends string>(values: OneOrMore<T>): readonly T[] {
  return typeof values === 'string' ? [values] : values
}

const named = ['server', 'tool', 'resource', 'prompt', 'method'] as const

function routeTest(match: Match, namesOf: (key: (typeof named)[number]) => Names): Matcher['onRoute'] {
  const kinds = match.kind === undefined ? undefined : new Set(listOf(match.kind))
  const tests = named.flatMap(key => {
    const patterns = match[key]
    return patterns === undefined ? [] : [{ key, fits: namesOf(key)(patterns) }]
  })
  return route => {
    if (kinds !== undefined ? !kinds.has(route.kind) : match.findings === undefined && !route.isRequest) return 'kind'
    for (const { key, fits } of tests) {
      const name = route[key]
      if (name === undefined || !fits(name)) return key
    }
    return undefined
  }
}

function factsTest(match: Match, namesOf: Names): Matcher['onFacts'] {
  const tests: { key: string; fits(facts: Facts): boolean }[] = []
  const { effect, principal, role, labels, allLabels, from } = match
  if (from !== undefined) tests.push({ key: 'from', fits: facts => facts.from === from })
  if (effect !== undefined) {
    const wanted = new Set(listOf(effect))
    tests.push({ key: 'effect', fits: facts => facts.effects.some(one => wanted.has(one)) })
  }
  if (principal !== undefined) tests.push(nameTest('principal', namesOf(principal)))
  if (role !== undefined) tests.push(nameTest('role', namesOf(role)))
  if (labels !== undefined) {
    const wanted = listOf(labels)
    tests.push({ key: 'labels', fits: facts => wanted.some(label => facts.labels.has(label)) })
  }
  if (allLabels !== undefined)
    tests.push({ key: 'allLabels', fits: facts => allLabels.every(label => facts.labels.has(label)) })
  return facts => {
    for (const { key, fits } of tests) if (!fits(facts)) return key
    return undefined
  }
}

function nameTest(key: 'principal' | 'role', fits: Glob): { key: string; fits(facts: Facts): boolean } {
  return { key, fits: facts => fits(facts[key]) }
}

function findingTest(match: FindingMatch | undefined): FindingTest | undefined {
  if (match === undefined) return undefined
  const fits = match.rule === undefined ? () => true : anyGlobOf(listOf(match.rule))
  const severity = match.severity === undefined ? 0 : severities.indexOf(match.severity)
  const sure = match.confidence === undefined ? undefined : new Set<Confidence>(listOf(match.confidence))
  return finding =>
    severities.indexOf(finding.severity) >= severity &&
    (sure === undefined || sure.has(finding.confidence)) &&
    fits(finding.rule)
}
