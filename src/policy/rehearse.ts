import type { VerdictKind } from '../core/verdict.ts'
import type { Policy } from './compile.ts'
import { decide } from './decide.ts'
import type { Layer, PolicyTest } from './rule.ts'
import { situationOf } from './situation.ts'

/** One test of a policy that was run. */
export type Rehearsal = {
  readonly layer: Layer
  /** The rule that carries the test. */
  readonly rule: string
  readonly test: PolicyTest
  readonly got: VerdictKind
  readonly isAsExpected: boolean
  readonly because: readonly string[]
}

/** Runs the tests that stand in the rules, against the whole policy as if it were enforced. */
export function runPolicyTests(policy: Policy): readonly Rehearsal[] {
  const enforced: Policy = { ...policy, mode: 'enforce' }
  return policy.rules.flatMap(({ rule, layer }) =>
    (rule.tests ?? []).map(test => {
      const decision = decide(enforced, situationOf(test))
      const got = decision.verdict.kind
      const because = decision.because.map(reason => `${reason.then}: ${reason.rule}: ${reason.text}`)
      return { layer, rule: rule.name, test, got, isAsExpected: got === test.expect, because }
    }),
  )
}
