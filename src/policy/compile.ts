import { createHash } from 'node:crypto'
import { anyGlobOf, type Glob } from '../core/glob.ts'
import type { Condition, ConditionCompiler } from './condition.ts'
import { type FindingTest, listOf, type Matcher, matcherOf } from './match.ts'
import type { QuickCondition } from './quick-condition.ts'
import type { Defaults, Layer, Mode, Rule } from './rule.ts'

/** Rules made ready to decide with. A value: reload makes a new one and swaps it. */
export type Policy = {
  readonly mode: Mode
  readonly defaults: Defaults
  readonly isHarmless: Glob
  readonly rules: readonly CompiledRule[]
  /** Names this policy in tickets and in the record: a yes given under another policy does not count. */
  readonly hash: string
}

export type CompiledRule = {
  readonly rule: Rule
  readonly layer: Layer
  readonly matcher: Matcher
  readonly condition: Condition | undefined
  readonly quick: QuickCondition | undefined
  readonly waives: FindingTest | undefined
  readonly lifts: ReadonlySet<string>
  readonly expiresMs: number
}

/** `index` is the rule's place in the list it was written in, so that a complaint finds its line. */
export type LayeredRule = { readonly rule: Rule; readonly layer: Layer; readonly index: number }
export type PolicySource = { readonly mode: Mode; readonly defaults: Defaults; readonly rules: readonly LayeredRule[] }

/** What is wrong with one rule, and where inside it. */
export type RuleProblem = {
  readonly layer: Layer
  readonly rule: string
  readonly index: number
  readonly at: readonly string[]
  readonly text: string
}

export type CompileResult =
  | { readonly ok: true; readonly policy: Policy; readonly warnings: readonly RuleProblem[] }
  | { readonly ok: false; readonly problems: readonly RuleProblem[] }

export const rulesMax = 1000

/** Makes rules ready. `conditions` is needed as soon as one rule has a `when:`. */
export function compilePolicy(source: PolicySource, conditions?: ConditionCompiler): CompileResult {
  const notes: Notes = { problems: [], warnings: [], names: new Set(), liftable: liftableOf(source), conditions }
  const rules = source.rules.slice(0, rulesMax).map(entry => compileRule(entry, notes))
  const last = source.rules[rulesMax]
  if (last) complain(notes.problems, last, { at: [], text: `there are more than ${rulesMax} rules` })
  if (notes.problems.length > 0) return { ok: false, problems: notes.problems }
  const { mode, defaults } = source
  const policy: Policy = { mode, defaults, isHarmless: anyGlobOf(defaults.harmless), rules, hash: hashOf(source) }
  return { ok: true, policy, warnings: notes.warnings }
}

/** Whether any rule needs the expression engine. */
export function needsConditions({ rules }: PolicySource): boolean {
  return rules.some(({ rule }) => rule.when !== undefined)
}

type Notes = {
  readonly problems: RuleProblem[]
  readonly warnings: RuleProblem[]
  readonly names: Set<string>
  readonly liftable: ReadonlySet<string>
  readonly conditions: ConditionCompiler | undefined
}

function liftableOf({ rules }: PolicySource): ReadonlySet<string> {
  return new Set(rules.flatMap(({ rule, layer }) => (layer === 'preset' ? [rule.name] : [])))
}

type Complaint = Pick<RuleProblem, 'at' | 'text'>

function complain(list: RuleProblem[], { rule, layer, index }: LayeredRule, complaint: Complaint): void {
  list.push({ layer, rule: rule.name, index, ...complaint })
}

/** A repository's words would reach the model as ours, unread by any guard. */
const projectReason = 'a rule in the file that this project brings along says so'

function compileRule(entry: LayeredRule, notes: Notes): CompiledRule {
  const { layer } = entry
  const rule = layer === 'project' ? { ...entry.rule, reason: projectReason } : entry.rule
  checkShape(entry, notes)
  const waives = rule.waive === undefined ? undefined : anyGlobOf(listOf(rule.waive))
  return {
    rule,
    layer,
    matcher: matcherOf(rule),
    ...(rule.when === undefined ? noCondition : compileCondition(entry, rule.when, notes)),
    waives: waives && (finding => waives(finding.rule)),
    lifts: new Set(rule.lift === undefined ? [] : listOf(rule.lift)),
    expiresMs: rule.expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(rule.expires),
  }
}

function checkShape(entry: LayeredRule, { problems, names, liftable }: Notes): void {
  const { rule, layer } = entry
  const wrong: Wrong = (at, text) => complain(problems, entry, { at, text })
  if (names.has(`${layer}/${rule.name}`)) wrong(['name'], 'another rule has this name')
  names.add(`${layer}/${rule.name}`)
  if (rule.expires !== undefined && Number.isNaN(Date.parse(rule.expires)))
    wrong(['expires'], 'is no date; write 2027-01-31 or 2027-01-31T18:00:00Z')
  checkRewrite(rule, wrong)
  if (rule.otherwise !== undefined && rule.then !== 'rewrite') wrong(['otherwise'], 'belongs to `then: rewrite`')
  for (const name of rule.lift === undefined ? [] : listOf(rule.lift))
    if (!liftable.has(name)) wrong(['lift'], `the preset has no rule named ${name}`)
  for (const key of ['waive', 'lift', 'unmask'] as const)
    if (rule[key] !== undefined && rule.then !== 'allow') wrong([key], 'belongs to `then: allow`')
  if (rule.then === 'allow') checkAllow(rule, wrong)
}

function checkRewrite({ then, as, match }: Rule, wrong: Wrong): void {
  if (as !== undefined && then !== 'rewrite') wrong(['as'], 'belongs to `then: rewrite`')
  if (then !== 'rewrite' || match?.findings !== undefined) return
  if (as === undefined || as === 'cut' || as === 'mask')
    wrong(['then'], 'rewrite needs match.findings: only a finding says what to cut')
  else if (match?.kind === undefined) wrong(['as'], `${as} needs match.findings or match.kind: it is about answers`)
}

type Wrong = (at: readonly string[], text: string) => void

// One more finding must never loosen a verdict, so nothing that allows may wait for one.
function checkAllow({ match }: Rule, wrong: Wrong): void {
  for (const key of ['findings', 'labels', 'allLabels'] as const)
    if (match?.[key] !== undefined)
      wrong(['match', key], 'an allow rule may not wait for findings or labels: one more of them would then loosen')
}

type Conditions = Pick<CompiledRule, 'condition' | 'quick'>

const noCondition: Conditions = { condition: undefined, quick: undefined }

function compileCondition(entry: LayeredRule, source: string, notes: Notes): Conditions {
  if (notes.conditions === undefined) throw new Error('a rule has a condition, but the expression engine is not loaded')
  const made = notes.conditions(source, entry.rule.then)
  if (!made.ok) {
    complain(notes.problems, entry, { at: ['when'], text: made.text })
    return noCondition
  }
  for (const text of made.warnings) complain(notes.warnings, entry, { at: ['when'], text })
  return { condition: made.condition, quick: made.quick }
}

function hashOf(source: PolicySource): string {
  return createHash('sha256').update(JSON.stringify(source)).digest('hex')
}
