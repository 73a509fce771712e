import type { Finding } from '../core/finding.ts'
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

/** One line about a finding: what, how sure, where. */
export function sentenceOf({ rule, severity, confidence, at, facts }: Finding): string {
  const known = Object.entries(facts).map(([name, value]) => `${name} ${String(value).slice(0, 80)}`)
  const place = at === '' ? '' : ` at ${at.slice(0, 200)}`
  return `${rule}${place}: ${severity}, ${confidence}${known.length > 0 ? ` (${known.join(', ')})` : ''}`
}
