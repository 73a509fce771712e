import type { Finding } from '../core/finding.ts'
import type { CompiledRule } from './compile.ts'
import { type Condition, type ConditionInput, conditionInputOf, type Held, isReadable } from './condition.ts'
import { type Facts, factsOf, type Situation } from './facts.ts'
import type { Readable } from './quick-condition.ts'

/** A situation as rules see it: findings that were set aside are not in it. */
export type View = {
  readonly facts: Facts
  readonly findings: readonly Finding[]
  /** The variables of conditions, made when the first condition asks. */
  input(): ConditionInput
  /** Whether conditions may look at this part of the message. */
  isReadable(part: Readable): boolean
}

/** What came of asking one rule. */
export type Considered =
  | { readonly spoke: true; readonly findings: readonly Finding[]; readonly error?: string }
  | { readonly spoke: false; readonly why: Why; readonly error?: string }

/** The part of a rule that did not fit, or what else silenced it. */
export type Why = string

/** Reads a situation once for all rules. */
export function viewOf(situation: Situation): View {
  const facts = factsOf(situation)
  let input: ConditionInput | undefined
  const known: { args?: boolean; result?: boolean } = {}
  return {
    facts,
    findings: situation.findings,
    input: () => {
      input ??= conditionInputOf(facts, situation)
      return input
    },
    isReadable(part) {
      known[part] ??= isReadable(facts[part] ?? {})
      return known[part]
    },
  }
}

const none: readonly Finding[] = []

/** Asks one rule. A condition that errs counts as met, unless the rule allows. */
export function consider(compiled: CompiledRule, view: View): Considered {
  const why = compiled.matcher.onRoute(view.facts)
  return why === undefined ? considerOnRoute(compiled, view) : { spoke: false, why }
}

/** The same for a rule that is known to be about this route. */
export function considerOnRoute(compiled: CompiledRule, view: View): Considered {
  const { matcher, rule } = compiled
  const why = matcher.onFacts(view.facts)
  if (why !== undefined) return { spoke: false, why }
  if (rule.then === 'allow' && compiled.expiresMs <= view.facts.atMs) return { spoke: false, why: 'expires' }
  const findings = matcher.findings === undefined ? none : view.findings.filter(matcher.findings)
  if (matcher.findings !== undefined && findings.length === 0) return { spoke: false, why: 'findings' }
  if (compiled.condition === undefined) return { spoke: true, findings }
  const held = heldIn(compiled, compiled.condition, view)
  if ('error' in held)
    return rule.then === 'allow'
      ? { spoke: false, why: 'when', error: held.error }
      : { spoke: true, findings, error: held.error }
  return held.holds ? { spoke: true, findings } : { spoke: false, why: 'when' }
}

/** The engine is asked only where plain functions do not know. */
function heldIn({ quick }: CompiledRule, condition: Condition, view: View): Held {
  const known = quick?.reads.every(view.isReadable) === true ? quick.holds(view.facts) : undefined
  return known === undefined ? condition(view.input()) : { holds: known }
}
