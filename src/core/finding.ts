import type { Json, JsonPointer } from './json.ts'

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

/** How sure a guard is. `certain` is deterministic; the others are calibrated to false-alarm rates (≤ 0.1 %, ≤ 1 %). */
export const confidences = ['possible', 'likely', 'certain'] as const
export type Confidence = (typeof confidences)[number]

/** One thing a guard saw. Says what and where; never says what to do, and never holds the secret itself. */
export type Finding = {
  /** `<guard>/<rule>`, stable across versions: `hidden-text/bidi`. */
  readonly rule: string
  readonly severity: Severity
  readonly confidence: Confidence
  readonly at: JsonPointer
  /** UTF-16 offsets inside the string at `at`. */
  readonly span?: readonly [from: number, to: number]
  /** Facts for the sentence that people read. */
  readonly facts: Readonly<Record<string, string | number>>
  /** What would remove the problem, if that can be said. */
  readonly fix?: readonly Edit[]
  /** Once the fix is applied nothing of it is left, and its labels are gone with it: data that was cut was not read. */
  readonly isGoneWithFix?: boolean
  /** Labels that this message's data carries from now on: `untrusted`, `sensitive`, `secret`, or the user's own. */
  readonly labels?: readonly string[]
  /** Published names of the weakness: OWASP, CWE, MITRE ATLAS. */
  readonly standards?: readonly string[]
}

/** A change to one place of a message. Offsets are UTF-16 units of the string as it came. */
export type Edit =
  | { readonly at: JsonPointer; readonly from: number; readonly to: number; readonly put: string }
  | { readonly at: JsonPointer; readonly set: Json }
  | { readonly at: JsonPointer; readonly remove: true }

export function isAtLeast(severity: Severity, floor: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(floor)
}
