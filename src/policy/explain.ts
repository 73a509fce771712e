import type { Decision } from '../core/verdict.ts'
import type { CompiledRule, Policy } from './compile.ts'
import { consider, type View, viewOf } from './consider.ts'
import { decide } from './decide.ts'
import type { Situation } from './facts.ts'
import type { Layer, Rule } from './rule.ts'

/** A decision with every rule that could have spoken, and why each did or did not. */
export type Explanation = { readonly decision: Decision; readonly rules: readonly RuleAnswer[] }

export type RuleAnswer = {
  readonly rule: string
  readonly layer: Layer
  readonly then: Rule['then']
  readonly spoke: boolean
  /** One sentence. */
  readonly why: string
}

/** Decides as the gateway would, and says of every rule why it spoke or kept silent. */
export function explain(policy: Policy, situation: Situation): Explanation {
  const decision = decide(policy, situation)
  const first = viewOf(situation)
  // The rest of the rules never saw what an allow rule set aside.
  const rest = decision.waived === undefined ? first : viewOf({ ...situation, findings: decision.findings })
  const lifted = liftedBy(policy, first)
  const rules = policy.rules.map(compiled => answerOf(compiled, compiled.rule.then === 'allow' ? first : rest, lifted))
  return { decision, rules }
}

function liftedBy(policy: Policy, view: View): ReadonlyMap<string, string> {
  const allows = policy.rules.filter(
    one => one.rule.then === 'allow' && one.lifts.size > 0 && consider(one, view).spoke,
  )
  return new Map(allows.flatMap(({ rule, lifts }) => [...lifts].map(name => [name, rule.name] as const)))
}

function answerOf(compiled: CompiledRule, view: View, lifted: ReadonlyMap<string, string>): RuleAnswer {
  const { rule, layer } = compiled
  const about = { rule: rule.name, layer, then: rule.then }
  const lifter = layer === 'preset' ? lifted.get(rule.name) : undefined
  if (lifter !== undefined) return { ...about, spoke: false, why: `lifted by the allow rule ${lifter}` }
  const considered = consider(compiled, view)
  if (!considered.spoke) return { ...about, spoke: false, why: silence(compiled, considered, view) }
  if (considered.error !== undefined)
    return { ...about, spoke: true, why: `its condition failed, which counts as met: ${considered.error}` }
  const found = [...new Set(considered.findings.map(finding => finding.rule))]
  return { ...about, spoke: true, why: found.length > 0 ? `found ${found.join(', ')}` : 'everything it asks for is so' }
}

function silence({ rule }: CompiledRule, { why, error }: { why: string; error?: string }, { facts }: View): string {
  if (error !== undefined) return `its condition failed, which an allow rule counts as not met: ${error}`
  switch (why) {
    case 'when':
      return `its condition is false: ${rule.when}`
    case 'expires':
      return `it ended on ${rule.expires}`
    case 'findings':
      return 'no finding fits'
    case 'labels':
    case 'allLabels':
      return `the labels are ${[...facts.labels].join(', ') || 'none'}`
    case 'effect':
      return `the effects are ${facts.effects.join(', ') || 'none'}`
    case 'kind':
      return `it is not about a ${facts.kind}`
    case 'server':
    case 'tool':
    case 'resource':
    case 'prompt':
    case 'method':
    case 'principal':
    case 'role':
    case 'from':
      return `the ${why} is ${(facts[why] ?? 'none').slice(0, 200)}`
    default:
      return why
  }
}
