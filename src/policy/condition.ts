import type { CelInput, CelResult } from '@bufbuild/cel'
import { isObject, type Json } from '../core/json.ts'
import { checkExpression } from './condition-check.ts'
import type { Facts, Situation } from './facts.ts'
import { type QuickCondition, quickCondition } from './quick-condition.ts'
import type { Rule } from './rule.ts'

/** What a condition reads; each value is made when an expression first asks for it. */
export type ConditionInput = { [variable: string]: CelInput }

export type Held = { readonly holds: boolean } | { readonly error: string }
export type Condition = (input: ConditionInput) => Held

export type ConditionCompiler = (
  source: string,
  then: Rule['then'],
) =>
  | {
      readonly ok: true
      readonly condition: Condition
      /** The same without the engine, as far as that goes. */
      readonly quick: QuickCondition | undefined
      readonly warnings: readonly string[]
    }
  | { readonly ok: false; readonly text: string }

const expressionMax = 1000
/** JSON values that one condition may look at. Beyond it the condition is an error, which refuses. */
export const nodesMax = 2000
const depthMax = 32
const patternTextMax = 262_144
const needleMax = 4096

/** Loads the expression engine, which only policies with a `when:` need. */
export async function loadConditions(): Promise<ConditionCompiler> {
  const [cel, { strings }, { RE2JS }] = await Promise.all([
    import('@bufbuild/cel'),
    import('@bufbuild/cel/ext'),
    import('re2js'),
  ])
  const { STRING, BOOL } = cel.CelScalar
  const compiled = new Map<string, { test(text: string): boolean }>()
  const matches = cel.celMethod('matches', STRING, [STRING], BOOL, function (pattern) {
    if (this.length > patternTextMax) throw new Error(`text of more than ${patternTextMax} characters`)
    const known = compiled.get(pattern) ?? RE2JS.compile(pattern)
    compiled.set(pattern, known)
    return known.test(this)
  })
  // The engine's own `contains` is quadratic when both sides come from the caller.
  const contains = cel.celMethod('contains', STRING, [STRING], BOOL, function (needle) {
    if (needle.length > needleMax) throw new Error(`searched text of more than ${needleMax} characters`)
    return this.includes(needle)
  })
  const extra = strings.filter(({ name }) => ['lowerAscii', 'upperAscii', 'trim'].includes(name))
  const env = cel.celEnv({ funcs: [...extra, matches, contains] })

  return (source, then) => {
    if (source.length > expressionMax) return refused(`is longer than ${expressionMax} characters`)
    try {
      const parsed = cel.parse(source)
      const checked = checkExpression(parsed.expr, then)
      if (!checked.ok) return checked
      for (const pattern of checked.patterns) compiled.set(pattern, RE2JS.compile(pattern))
      const condition = conditionOf(cel.plan(env, parsed), cel.isCelError)
      return { ok: true, condition, quick: quickCondition(parsed.expr), warnings: checked.warnings }
    } catch (cause) {
      return refused(`cannot be read: ${messageOf(cause).replace(/^<input>:(\d+):(\d+):/u, 'line $1, character $2:')}`)
    }
  }
}

function refused(text: string): { ok: false; text: string } {
  return { ok: false, text }
}

type Run = (input: ConditionInput) => CelResult

function conditionOf(run: Run, isError: (value: unknown) => boolean): Condition {
  return input => {
    try {
      const value = run(input)
      if (typeof value === 'boolean') return { holds: value }
      return { error: isError(value) ? messageOf(value) : `the condition is not true or false but ${typeof value}` }
    } catch (cause) {
      return { error: messageOf(cause) }
    }
  }
}

function messageOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : isObject(cause) ? String(cause['message']) : String(cause)
  return text.slice(0, 200)
}

/** The variables of an expression for one situation. */
export function conditionInputOf(facts: Facts, situation: Situation): ConditionInput {
  const input: ConditionInput = Object.create(lateVariables)
  for (const name of ['server', 'principal', 'role', 'kind', 'from'] as const) input[name] = facts[name]
  for (const name of ['tool', 'resource', 'prompt', 'method'] as const) input[name] = facts[name] ?? ''
  // A number and not a timestamp: arithmetic on it stays one kind.
  input['nowMs'] = facts.atMs
  sources.set(input, { facts, situation, made: new Map() })
  return input
}

type Source = { readonly facts: Facts; readonly situation: Situation; readonly made: Map<string, CelInput> }

const sources = new WeakMap<object, Source>()

/** Values that take work, made when an expression first asks for one. Nothing is inherited from Object. */
const lateVariables: object = Object.create(null, {
  effects: late('effects', ({ facts }) => [...facts.effects]),
  labels: late('labels', ({ facts }) => [...facts.labels]),
  args: late('args', ({ facts }) => celValue(facts.args)),
  result: late('result', ({ facts }) => celValue(facts.result ?? {})),
  findings: late('findings', ({ situation: { findings } }) =>
    findings.map(({ rule, severity, confidence }) => mapOf({ rule, severity, confidence })),
  ),
  session: late('session', ({ facts, situation: { scene } }) =>
    mapOf({ id: scene.session.id, ageMs: facts.atMs - scene.session.startedMs }),
  ),
})

function late(name: string, make: (source: Source) => CelInput): PropertyDescriptor {
  return {
    get(this: object) {
      const source = sources.get(this)
      const known = source?.made.get(name)
      if (source === undefined || known !== undefined) return known
      const value = make(source)
      source.made.set(name, value)
      return value
    },
  }
}

// Plain objects are never handed over: the engine would read one with a `$typeName` member as a protobuf message.
function celValue(root: Json): CelInput {
  let nodes = 0
  const convert = (value: Json, depth: number): CelInput => {
    if (++nodes > nodesMax) throw new Error(`more than ${nodesMax} values to look at`)
    if (depth > depthMax) throw new Error(`nested deeper than ${depthMax}`)
    if (isObject(value))
      return new Map(Object.entries(value).map(([key, item]) => [key, convert(item ?? null, depth + 1)]))
    return typeof value === 'object' && value !== null ? value.map(item => convert(item, depth + 1)) : value
  }
  return convert(root, 0)
}

/** Whether a value is small enough for conditions to look at. */
export function isReadable(root: Json): boolean {
  let nodes = 0
  const look = (value: Json, depth: number): boolean => {
    if (++nodes > nodesMax || depth > depthMax) return false
    if (typeof value !== 'object' || value === null) return true
    for (const item of Array.isArray(value) ? value : Object.values(value))
      if (!look(item ?? null, depth + 1)) return false
    return true
  }
  return look(root, 0)
}

function mapOf(record: Readonly<Record<string, string | number>>): Map<string, string | number> {
  return new Map(Object.entries(record))
}
