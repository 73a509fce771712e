import type { Edit, Finding } from '../core/finding.ts'
import type { Message } from '../core/message.ts'
import {
  type Decision,
  isStricter,
  type Mask,
  type Reason,
  stricter,
  type Treatment,
  treatments,
  type Verdict,
  type VerdictKind,
} from '../core/verdict.ts'
import type { CompiledRule, Policy } from './compile.ts'
import { type Considered, considerOnRoute, type View, viewOf } from './consider.ts'
import { type Facts, isRequest, type Situation } from './facts.ts'
import { brokenInvariants, guardFailed } from './invariants.ts'
import { leftOut } from './left-out.ts'
import { listOf } from './match.ts'
import { reasonsOf } from './reason.ts'
import type { Rule } from './rule.ts'

/** Decides what happens to a message. Invariants first, then the join of every rule that speaks, then the mode. */
export function decide(policy: Policy, situation: Situation): Decision {
  const broken = brokenInvariants(situation)
  if (broken.length > 0) return { verdict: { kind: 'block' }, because: broken, findings: situation.findings }
  const judged = judge(policy, situation)
  if (policy.mode === 'lockdown' && isRequest(situation.message))
    return { ...judged, verdict: { kind: 'block' }, because: [lockdown, ...judged.because] }
  if (policy.mode === 'observe' && judged.verdict.kind !== 'allow') return asSeen(judged)
  return judged
}

/** What is only watched is not treated either. */
function asSeen({ treatments: _, masks: __, verdict, ...judged }: Decision): Decision {
  return { ...judged, verdict: { kind: 'allow' }, wouldBe: verdict.kind }
}

const lockdown: Reason = {
  rule: 'mode:lockdown',
  then: 'block',
  text: 'the gateway is locked down: nothing passes until the mode is set back',
}

function judge(policy: Policy, situation: Situation): Decision {
  const first = viewOf(situation)
  const candidates = candidatesOf(policy, first.facts)
  const allows = candidates.allows.filter(rule => considerOnRoute(rule, first).spoke)
  const { findings, waived } = setAside(situation.findings, allows)
  // What is set aside labels nothing either, so the rest is judged on facts read anew.
  const view = waived.length === 0 ? first : viewOf({ ...situation, findings })
  const { message } = situation
  const tally: Tally = {
    message,
    kind: 'allow',
    edits: [],
    because: allows.map(allowed),
    treatments: new Set(),
    masks: [],
  }
  if (allows.length === 0) countDefault(policy, view.facts, tally)
  for (const compiled of candidates.others) if (!isLifted(compiled, allows)) countRule(compiled, view, tally)
  const because = tally.because.length > 1 ? tally.because.sort(strictestFirst) : tally.because
  // Filled in rather than spread together: most decisions have none of the rest, and one is made for each message.
  const decision: Writable<Decision> = { verdict: verdictOf(tally), because, findings }
  if (waived.length > 0) decision.waived = waived
  if (tally.treatments.size > 0) decision.treatments = [...tally.treatments].sort()
  if (tally.masks.length > 0) decision.masks = tally.masks
  const unmask = unmasked(allows)
  if (unmask.length > 0) decision.unmask = unmask
  return decision
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function unmasked(allows: readonly CompiledRule[]): readonly string[] {
  const unmask = new Set<string>()
  for (const { rule } of allows) if (rule.unmask !== undefined) for (const one of listOf(rule.unmask)) unmask.add(one)
  return unmask.size === 0 ? none : [...unmask].sort()
}

const none: readonly never[] = []

function isLifted({ layer, rule }: CompiledRule, allows: readonly CompiledRule[]): boolean {
  return layer === 'preset' && allows.some(({ lifts }) => lifts.has(rule.name))
}

type Tally = {
  readonly message: Message
  kind: VerdictKind
  readonly edits: Edit[]
  readonly because: Reason[]
  readonly treatments: Set<Treatment>
  readonly masks: Mask[]
}

function allowed({ rule }: CompiledRule): Reason {
  return { rule: `policy:${rule.name}`, then: 'allow', text: rule.reason ?? rule.name }
}

function setAside(findings: readonly Finding[], allows: readonly CompiledRule[]): Sides {
  if (findings.length === 0 || allows.every(({ waives }) => waives === undefined)) return { findings, waived: none }
  const waivers = allows.flatMap(({ waives }) => (waives === undefined ? [] : [waives]))
  const isWaived = (finding: Finding): boolean =>
    finding.rule !== guardFailed && waivers.some(waives => waives(finding))
  return { findings: findings.filter(one => !isWaived(one)), waived: findings.filter(isWaived) }
}

type Sides = { readonly findings: readonly Finding[]; readonly waived: readonly Finding[] }

function countDefault({ defaults, isHarmless }: Policy, facts: Facts, tally: Tally): void {
  const { kind, method = '' } = facts
  const isUnknown = (kind === 'other' || kind === 'notification') && !isHarmless(method)
  if (!facts.isRequest && !(kind === 'notification' && isUnknown)) return
  const wanted = isUnknown ? defaults.unknown : defaults.request
  // Nobody can be asked about a notification: it has no answer that could wait.
  const then = kind === 'notification' && wanted === 'ask' ? 'block' : wanted
  if (then === 'allow') return
  raise(tally, then)
  const text = isUnknown ? `nobody knows the method ${method.slice(0, 100)}` : 'no rule allows this request'
  tally.because.push({ rule: isUnknown ? 'default:unknown' : 'default:request', then, text })
}

function countRule(compiled: CompiledRule, view: View, tally: Tally): void {
  const considered = considerOnRoute(compiled, view)
  if (!considered.spoke) return
  const { rule } = compiled
  if (rule.then !== 'rewrite') {
    countStop(rule, rule.then, { considered, tally })
    return
  }
  const treatment = treatments.find(known => known === rule.as)
  if (treatment === undefined) countCuts(rule, considered, tally)
  else countTreatment(treatment, compiled, { view, considered, tally })
}

function countCuts(rule: Rule, considered: Spoken, tally: Tally): void {
  const fixable = considered.findings.filter(({ fix }) => fix !== undefined && fix.length > 0)
  const rest = considered.findings.filter(({ fix }) => fix === undefined || fix.length === 0)
  if (fixable.length > 0) {
    raise(tally, 'rewrite')
    for (const finding of fixable) for (const edit of finding.fix ?? []) countEdit(edit, { finding, rule, tally })
    tally.because.push(...reasonsOf(rule, 'rewrite', { ...considered, findings: fixable }))
  }
  if (rest.length === 0) return
  countStop(rule, rule.otherwise ?? 'block', { considered: { ...considered, findings: rest }, tally })
}

/** A rule about findings in some items of a list stops those items; every other rule that stops, stops the message. */
function countStop(rule: Rule, then: VerdictKind, { considered, tally }: Omit<Counting, 'view'>): void {
  const edits = considered.findings.flatMap(finding => leftOut(tally.message, finding) ?? [])
  const isAll = edits.length === considered.findings.length && edits.length > 0
  if (isAll) tally.edits.push(...edits)
  const kind = isAll ? 'rewrite' : then
  raise(tally, kind)
  tally.because.push(...reasonsOf(rule, kind, considered))
}

function countEdit(edit: Edit, { finding, rule, tally }: { finding: Finding; rule: Rule; tally: Tally }): void {
  tally.edits.push(edit)
  if (rule.as === 'mask') tally.masks.push({ edit, rule: finding.rule })
}

/** The messages that a treatment can change. A rule that asks for one of another message is not passed over. */
const answers: ReadonlySet<string> = new Set(['tool.result', 'resource.content', 'prompt.result', 'error'])

type Counting = { readonly view: View; readonly considered: Spoken; readonly tally: Tally }
type Spoken = Extract<Considered, { spoke: true }>

function countTreatment(treatment: Treatment, { rule }: CompiledRule, { view, considered, tally }: Counting): void {
  const isAnswer = answers.has(view.facts.kind) && !view.facts.isRequest
  const then = isAnswer ? 'rewrite' : (rule.otherwise ?? 'block')
  if (isAnswer) tally.treatments.add(treatment)
  raise(tally, then)
  tally.because.push(...reasonsOf(rule, then, considered))
}

function raise(tally: Tally, then: VerdictKind): void {
  if (isStricter(then, tally.kind)) tally.kind = then
}

function verdictOf({ kind, edits }: Tally): Verdict {
  const plain: Verdict = kind === 'rewrite' || kind === 'ask' ? { kind, edits: [] } : { kind }
  return edits.length === 0 ? plain : stricter({ kind: 'rewrite', edits }, plain)
}

function strictestFirst(a: Reason, b: Reason): number {
  return Number(isStricter(b.then, a.then)) - Number(isStricter(a.then, b.then))
}

/** Rules that can speak about a route, those that allow apart. */
type Candidates = { readonly allows: readonly CompiledRule[]; readonly others: readonly CompiledRule[] }

const routesMax = 2000
const routes = new WeakMap<Policy, Map<string, Candidates>>()

/** Longer names come from nobody honest and are looked up each time, so that they fill no memory. */
const routeMax = 300

/** Found once for each route: names of servers and tools are few, and forgetting them all is safe. */
function candidatesOf(policy: Policy, facts: Facts): Candidates {
  const key = routeOf(facts)
  if (key === undefined) return onRoute(policy, facts)
  const known = routes.get(policy) ?? new Map<string, Candidates>()
  const found = known.get(key)
  if (found !== undefined) return found
  if (known.size >= routesMax) known.clear()
  const made = onRoute(policy, facts)
  routes.set(policy, known.set(key, made))
  return made
}

function routeOf({ kind, isRequest, server, tool, method, resource, prompt }: Facts): string | undefined {
  if (resource !== undefined || prompt !== undefined) return undefined
  // Lengths first: a name with a separator inside must not pass for two names.
  const key = `${kind} ${isRequest} ${server.length} ${tool?.length} ${method?.length} ${server}${tool}${method}`
  return key.length > routeMax ? undefined : key
}

function onRoute({ rules }: Policy, facts: Facts): Candidates {
  const fitting = rules.filter(({ matcher }) => matcher.onRoute(facts) === undefined)
  return {
    allows: fitting.filter(({ rule }) => rule.then === 'allow'),
    others: fitting.filter(({ rule }) => rule.then !== 'allow'),
  }
}
