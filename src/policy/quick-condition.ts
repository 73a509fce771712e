import { isObject, type Json } from '../core/json.ts'
import type { Expr } from './condition-check.ts'
import type { Facts } from './facts.ts'

/** A condition answered without the engine: undefined wherever the engine has to be asked. */
export type QuickCondition = {
  readonly holds: (facts: Facts) => boolean | undefined
  /** What it reads of a message; the engine looks at all of that, and refuses what is too large. */
  readonly reads: readonly Readable[]
}
export type Readable = 'args' | 'result'

/**
 * The everyday part of the language as plain functions: members, comparisons of two values of one kind, `in`, `has`, the
 * beginnings and ends of texts, and their combinations. Whatever is missing, of another kind or not known here is left
 * to the engine, so that this may only be quicker and never another answer.
 */
export function quickCondition(expr: Expr): QuickCondition | undefined {
  const reads = new Set<Readable>()
  const holds = truthOf(expr, reads)
  return holds === unknown ? undefined : { holds, reads: [...reads] }
}

type Truth = QuickCondition['holds']
type Value = (facts: Facts) => Json | undefined
type Reads = Set<Readable>
type Call = Extract<Expr['exprKind'], { case: 'callExpr' }>['value']
type Select = Extract<Expr['exprKind'], { case: 'selectExpr' }>['value']

const unknown = (): undefined => undefined

function truthOf(expr: Expr | undefined, reads: Reads): Truth {
  const kind = expr?.exprKind
  if (kind?.case === 'callExpr') return callOf(kind.value, reads)
  if (kind?.case === 'selectExpr' && kind.value.testOnly) return hasOf(kind.value, reads)
  if (expr === undefined) return unknown
  const value = readerOf(expr, reads)
  return value === unknown ? unknown : facts => boolean(value(facts))
}

function boolean(value: Json | undefined): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

function callOf({ function: name, target, args }: Call, reads: Reads): Truth {
  const [first, second, third] = args
  switch (name) {
    case '_&&_':
      return joined([truthOf(first, reads), truthOf(second, reads)], false)
    case '_||_':
      return joined([truthOf(first, reads), truthOf(second, reads)], true)
    case '_?_:_':
      return chosen(truthOf(first, reads), [truthOf(second, reads), truthOf(third, reads)])
    case '!_':
      return negated(truthOf(first, reads))
    case '@in':
      return memberOf(first, second, reads)
    case 'startsWith':
    case 'endsWith':
    case 'contains':
      // With one argument too many it is no such test but an error, which the engine has to tell.
      return args.length === 1 ? textTest(texts[name], [readerOf(target, reads), readerOf(first, reads)]) : unknown
    default:
      return compared(comparisons[name], [readerOf(first, reads), readerOf(second, reads)])
  }
}

// Only a left side that is certain decides: what the engine makes of an error beside a certainty is the engine's to say.
function joined([left, right]: readonly [Truth, Truth], decisive: boolean): Truth {
  if (left === unknown) return unknown
  return facts => {
    const first = left(facts)
    return first === undefined || first === decisive ? first : right(facts)
  }
}

function chosen(test: Truth, [yes, no]: readonly [Truth, Truth]): Truth {
  if (test === unknown) return unknown
  return facts => {
    const held = test(facts)
    return held === undefined ? undefined : held ? yes(facts) : no(facts)
  }
}

function negated(test: Truth): Truth {
  if (test === unknown) return unknown
  return facts => {
    const held = test(facts)
    return held === undefined ? undefined : !held
  }
}

function hasOf({ operand, field }: Select, reads: Reads): Truth {
  const owner = readerOf(operand, reads)
  if (owner === unknown) return unknown
  return facts => {
    const holder = owner(facts)
    // Whether a member that is null is there, engines see differently.
    return memberIn(holder, field) === null ? undefined : holdsKey(holder, field)
  }
}

function holdsKey(owner: Json | undefined, key: Json | undefined): boolean | undefined {
  return isObject(owner) && typeof key === 'string' ? Object.hasOwn(owner, key) : undefined
}

function memberOf(item: Expr | undefined, holder: Expr | undefined, reads: Reads): Truth {
  const one = readerOf(item, reads)
  if (one === unknown) return unknown
  const name = holder?.exprKind.case === 'identExpr' ? holder.exprKind.value.name : ''
  if (name === 'labels' || name === 'effects') {
    const isIn = lists[name]
    return facts => {
      const value = one(facts)
      return typeof value === 'string' ? isIn(facts, value) : undefined
    }
  }
  const owner = readerOf(holder, reads)
  return owner === unknown ? unknown : facts => holdsKey(owner(facts), one(facts))
}

const lists = {
  labels: ({ labels }: Facts, one: string): boolean => labels.has(one),
  effects: ({ effects }: Facts, one: string): boolean => effects.some(effect => effect === one),
}

type TextTest = (text: string, part: string) => boolean

const texts: Readonly<Record<'startsWith' | 'endsWith' | 'contains', TextTest>> = {
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
  // Longer needles are an error in the engine.
  contains: (text, part) => text.includes(part),
}
const partMax = 4096

function textTest(test: TextTest, [text, part]: readonly [Value, Value]): Truth {
  if (text === unknown || part === unknown) return unknown
  return facts => {
    const [whole, sought] = [text(facts), part(facts)]
    if (typeof whole !== 'string' || typeof sought !== 'string' || sought.length > partMax) return undefined
    return test(whole, sought)
  }
}

type Comparison = (left: number, right: number) => boolean
type Compare = { readonly numbers: Comparison; readonly same?: boolean }

const comparisons: Readonly<Record<string, Compare | undefined>> = {
  '_==_': { numbers: (left, right) => left === right, same: true },
  '_!=_': { numbers: (left, right) => left !== right, same: false },
  '_<_': { numbers: (left, right) => left < right },
  '_<=_': { numbers: (left, right) => left <= right },
  '_>_': { numbers: (left, right) => left > right },
  '_>=_': { numbers: (left, right) => left >= right },
}

function compared(compare: Compare | undefined, [left, right]: readonly [Value, Value]): Truth {
  if (compare === undefined || left === unknown || right === unknown) return unknown
  const { numbers, same } = compare
  return facts => {
    const [a, b] = [left(facts), right(facts)]
    if (typeof a === 'number' && typeof b === 'number') return numbers(a, b)
    const isPlain = typeof a === typeof b && (typeof a === 'string' || typeof a === 'boolean')
    return isPlain && same !== undefined ? (a === b) === same : undefined
  }
}

function readerOf(expr: Expr | undefined, reads: Reads): Value {
  const kind = expr?.exprKind
  if (kind?.case === 'constExpr') return constantOf(kind.value.constantKind)
  if (kind?.case === 'identExpr') return variableOf(kind.value.name, reads)
  if (kind?.case !== 'selectExpr' || kind.value.testOnly) return unknown
  const { operand, field } = kind.value
  const owner = readerOf(operand, reads)
  return owner === unknown ? unknown : facts => memberIn(owner(facts), field)
}

function memberIn(owner: Json | undefined, key: string): Json | undefined {
  return isObject(owner) && Object.hasOwn(owner, key) ? owner[key] : undefined
}

type Constant = Extract<Expr['exprKind'], { case: 'constExpr' }>['value']['constantKind']

function constantOf({ case: kind, value }: Constant): Value {
  if (kind === 'stringValue' || kind === 'boolValue' || kind === 'doubleValue') return () => value
  const number = kind === 'int64Value' ? Number(value) : Number.NaN
  return Number.isSafeInteger(number) ? () => number : unknown
}

function variableOf(name: string, reads: Reads): Value {
  if (name === 'args' || name === 'result') reads.add(name)
  return variables[name] ?? unknown
}

const variables: Readonly<Record<string, Value | undefined>> = {
  server: ({ server }) => server,
  tool: ({ tool }) => tool ?? '',
  resource: ({ resource }) => resource ?? '',
  prompt: ({ prompt }) => prompt ?? '',
  method: ({ method }) => method ?? '',
  kind: ({ kind }) => kind,
  from: ({ from }) => from,
  principal: ({ principal }) => principal,
  role: ({ role }) => role,
  nowMs: ({ atMs }) => atMs,
  args: ({ args }) => args,
  result: ({ result }) => result ?? {},
}
