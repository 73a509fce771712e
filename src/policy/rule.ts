import type { Effect } from '../core/capability.ts'
import type { Confidence, Severity } from '../core/finding.ts'
import type { Kind } from '../core/message.ts'
import { treatments, type VerdictKind } from '../core/verdict.ts'

/** observe records what would have happened, enforce acts, lockdown lets no request through. */
export const modes = ['observe', 'enforce', 'lockdown'] as const
export type Mode = (typeof modes)[number]

/** Who wrote a rule, strongest first. A lower layer only tightens: a cloned repository is hostile input. */
const layers = ['organisation', 'user', 'project', 'preset'] as const
export type Layer = (typeof layers)[number]

export type OneOrMore<T> = T | readonly T[]

/** One sentence of the policy. What is absent from `match` is not looked at; a list means any of. */
export type Rule = {
  /** Names the rule in decisions, audit and `explain`. */
  readonly name: string
  readonly match?: Match
  /** A CEL expression that must hold besides `match`. */
  readonly when?: string
  readonly then: VerdictKind
  /** With `then: rewrite`: how; `cut` when absent. */
  readonly as?: RewriteAs
  /** With `then: rewrite`: what happens where a finding has no fix. Blocks when absent. */
  readonly otherwise?: 'allow' | 'ask' | 'block'
  /** With `then: allow`: rules of guards whose findings are set aside (`secrets/*`). */
  readonly waive?: OneOrMore<string>
  /** With `then: allow`: names of the preset's rules that do not count here. */
  readonly lift?: OneOrMore<string>
  /** With `then: allow`: rules of guards whose placeholders turn back into values in these requests. */
  readonly unmask?: OneOrMore<string>
  /** Shown to the person whose call is refused. */
  readonly reason?: string
  /** ISO date. After it an allow rule is gone, and any other stays. */
  readonly expires?: string
  readonly tests?: readonly PolicyTest[]
}

/** cut and mask change what findings point at, the others treat the whole answer. */
export const rewrites = ['cut', 'mask', ...treatments] as const
export type RewriteAs = (typeof rewrites)[number]

export type Match = {
  readonly server?: OneOrMore<string>
  readonly tool?: OneOrMore<string>
  readonly resource?: OneOrMore<string>
  readonly prompt?: OneOrMore<string>
  readonly method?: OneOrMore<string>
  readonly effect?: OneOrMore<Effect>
  readonly principal?: OneOrMore<string>
  readonly role?: OneOrMore<string>
  /** At least one of these is on the session or on this message. */
  readonly labels?: OneOrMore<string>
  /** All of these are. */
  readonly allLabels?: readonly string[]
  readonly findings?: FindingMatch
  /** Which messages the rule is about; without it requests, and with `findings` every message. */
  readonly kind?: OneOrMore<Kind>
  readonly from?: 'client' | 'server'
}

/** A finding fits when all that is given holds. Severity is a floor, confidence is one of those named. */
export type FindingMatch = {
  readonly rule?: OneOrMore<string>
  readonly severity?: Severity
  readonly confidence?: OneOrMore<Confidence>
}

/** What happens to requests that no allow rule names. */
export type Defaults = {
  /** Requests whose method the protocol or this list knows. */
  readonly request: 'allow' | 'ask' | 'block'
  /** Requests and notifications with a method that nobody knows. */
  readonly unknown: 'allow' | 'ask' | 'block'
  /** Methods that are known besides those that have a kind of their own; patterns. */
  readonly harmless: readonly string[]
}

/** A policy as it is written: in a preset, or in one layer of configuration. */
export type PolicyText = { readonly mode: Mode; readonly defaults: Defaults; readonly rules: readonly Rule[] }

/** One case that the policy must decide as said; everything not given is harmless. */
export type PolicyTest = {
  readonly about?: string
  readonly kind?: Kind
  readonly server?: string
  readonly tool?: string
  readonly args?: unknown
  readonly result?: unknown
  readonly resource?: string
  readonly prompt?: string
  readonly method?: string
  readonly effects?: readonly Effect[]
  readonly principal?: string
  readonly role?: string
  readonly labels?: readonly string[]
  readonly findings?: readonly TestFinding[]
  /** ISO date at which the case happens. */
  readonly at?: string
  readonly expect: VerdictKind
}

export type TestFinding = {
  readonly rule: string
  readonly severity: Severity
  readonly confidence: Confidence
  readonly labels?: readonly string[]
  readonly fixable?: boolean
}
