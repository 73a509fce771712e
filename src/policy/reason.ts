import type { Finding } from '../core/finding.ts'
import { type JsonPointer, pointerKeys } from '../core/json.ts'
import type { Reason, VerdictKind } from '../core/verdict.ts'
import type { Considered } from './consider.ts'
import type { Rule } from './rule.ts'

const findingsShownMax = 8

/** Why a rule spoke: itself, and each kind of finding that made it. */
export function reasonsOf(rule: Rule, then: VerdictKind, considered: Extract<Considered, { spoke: true }>): Reason[] {
  const said = rule.reason ?? rule.name
  const text = considered.error === undefined ? said : `${said} (its condition failed: ${considered.error})`
  const kinds = new Map(considered.findings.map(finding => [finding.rule, finding]))
  const shown = [...kinds.values()].slice(0, findingsShownMax)
  return [
    { rule: `policy:${rule.name}`, then, text },
    ...shown.map(finding => ({ rule: `guard:${finding.rule}`, then, text: sentenceOf(finding) })),
  ]
}

/** Facts that repeat what a stranger wrote. A model reads this sentence as ours, so that it must not carry an order on. */
const quoted: ReadonlySet<string> = new Set(['excerpt', 'spells'])

/** One line about a finding: what, how sure, where; none of the text that it was found in. */
export function sentenceOf({ rule, severity, confidence, at, facts }: Finding): string {
  const known = Object.entries(facts).flatMap(([name, value]) => {
    const text = name === 'pointer' ? placeShown(String(value)) : String(value)
    return quoted.has(name) ? [] : [`${name} ${text.slice(0, 80)}`]
  })
  const place = at === '' ? '' : ` at ${placeShown(at)}`
  return `${rule}${place}: ${severity}, ${confidence}${known.length > 0 ? ` (${known.join(', ')})` : ''}`
}

const placeMax = 160

// Keys of an answer are its sender's words like any other: only what looks like a name is repeated.
function placeShown(at: JsonPointer): string {
  const steps = pointerKeys(at).map(key =>
    /^[\w$@.:-]{1,32}$/u.test(key) ? key : `(a key of ${key.length} characters)`,
  )
  return `/${steps.join('/')}`.slice(0, placeMax)
}
