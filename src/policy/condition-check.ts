import type { Rule } from './rule.ts'

/** An expression as the engine parsed it. */
export type Expr = ReturnType<typeof import('@bufbuild/cel').parse>['expr']

export type Checked =
  | { readonly ok: true; readonly patterns: readonly string[]; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly text: string }

/** What an expression may read. */
const variables = [
  ...['server', 'tool', 'resource', 'prompt', 'method', 'kind', 'from', 'args', 'result', 'effects'],
  ...['labels', 'findings', 'principal', 'role', 'session', 'nowMs'],
] as const

const operators = /^(?:_(?:&&|\|\||==|!=|<=?|>=?|[-+*/%])_|[!-]_|_\?_:_|_\[_\]|@in|@not_strictly_false)$/u
const functions = new Set([
  ...['size', 'startsWith', 'endsWith', 'contains', 'matches', 'lowerAscii', 'upperAscii', 'trim'],
  ...['int', 'double', 'string', 'bool', 'type', 'dyn'],
])
const nodesMax = 400

/** Checks what can be known before anything runs: names, functions, cost, and that no finding could loosen it. */
export function checkExpression(expr: Expr, then: Rule['then']): Checked {
  const seen: Seen = { nodes: 0, wrong: [], patterns: [], read: new Set(), guarded: new Set() }
  look(expr, { bound: new Set(), loops: 0 }, seen)
  const [first] = seen.wrong
  if (first !== undefined) return { ok: false, text: first }
  if (!isMonotone(expr, then === 'allow' ? 'fewer' : 'more')) return { ok: false, text: loosens(then) }
  return { ok: true, patterns: seen.patterns, warnings: unguarded(seen) }
}

type Seen = { nodes: number; wrong: string[]; patterns: string[]; read: Set<string>; guarded: Set<string> }
type Scope = { readonly bound: ReadonlySet<string>; readonly loops: number }

function look(expr: Expr | undefined, scope: Scope, seen: Seen): void {
  if (expr === undefined || seen.wrong.length > 0) return
  if (++seen.nodes > nodesMax) seen.wrong.push('is too long: split the rule in two')
  const { case: kind, value } = expr.exprKind
  if (kind === 'identExpr') lookAtName(value.name, scope, seen)
  else if (kind === 'selectExpr') lookAtMember(value, scope, seen)
  else if (kind === 'callExpr') lookAtCall(value, scope, seen)
  else if (kind === 'listExpr') for (const item of value.elements) look(item, scope, seen)
  else if (kind === 'comprehensionExpr') lookAtLoop(value, scope, seen)
  else if (kind === 'structExpr') seen.wrong.push('builds a map or message; compare single values instead')
}

type Member = Extract<Expr['exprKind'], { case: 'selectExpr' }>['value']

function lookAtMember({ operand, field, testOnly }: Member, scope: Scope, seen: Seen): void {
  const owner = operand?.exprKind.case === 'identExpr' ? operand.exprKind.value.name : ''
  if (owner === 'args' || owner === 'result') (testOnly ? seen.guarded : seen.read).add(`${owner}.${field}`)
  look(operand, scope, seen)
}

type Loop = Extract<Expr['exprKind'], { case: 'comprehensionExpr' }>['value']

function lookAtLoop(loop: Loop, scope: Scope, seen: Seen): void {
  if (scope.loops > 0) seen.wrong.push('has a loop inside a loop, whose cost a caller could choose')
  look(loop.iterRange, scope, seen)
  const inside = { bound: new Set([...scope.bound, loop.iterVar, loop.accuVar]), loops: 1 }
  for (const part of [loop.accuInit, loop.loopCondition, loop.loopStep, loop.result]) look(part, inside, seen)
}

function lookAtName(name: string, { bound }: Scope, seen: Seen): void {
  if (bound.has(name) || variables.some(variable => variable === name)) return
  if (['double', 'string', 'bool', 'int', 'list', 'map', 'null_type'].includes(name)) return
  seen.wrong.push(`reads ${name}, which does not exist; there are ${variables.join(', ')}`)
}

type Call = Extract<Expr['exprKind'], { case: 'callExpr' }>['value']

function lookAtCall({ function: name, target, args }: Call, scope: Scope, seen: Seen): void {
  if (!operators.test(name) && !functions.has(name)) seen.wrong.push(`calls ${name}, which does not exist`)
  if (name === 'matches') lookAtPattern(args[0], seen)
  for (const part of [target, ...args]) look(part, scope, seen)
}

function lookAtPattern(pattern: Expr | undefined, seen: Seen): void {
  const text = pattern?.exprKind.case === 'constExpr' ? pattern.exprKind.value.constantKind : undefined
  if (text?.case === 'stringValue') seen.patterns.push(text.value)
  else seen.wrong.push('matches() needs its pattern written out, so that no caller can choose it')
}

function unguarded({ read, guarded }: Seen): string[] {
  return [...read]
    .filter(path => !guarded.has(path))
    .map(path => `${path} may be missing; write has(${path}) && … or the rule speaks wherever it is`)
}

function loosens(then: Rule['then']): string {
  return then === 'allow'
    ? 'a further label or finding could make this allow rule match; an allow rule may only demand that there is none'
    : "a further label or finding could loosen this; write 'x' in labels, labels.exists(…) or findings.exists(…), without !"
}

type Sign = 'more' | 'fewer'

/** Whether more labels and findings can only make the expression truer (`more`) or only falser (`fewer`). */
function isMonotone(expr: Expr | undefined, sign: Sign): boolean {
  if (expr === undefined || !reads(expr)) return true
  const { case: kind, value } = expr.exprKind
  if (kind === 'comprehensionExpr') return isMonotoneLoop(value, sign)
  if (kind !== 'callExpr') return false
  const [first, second, third] = value.args
  switch (value.function) {
    case '_&&_':
    case '_||_':
      return isMonotone(first, sign) && isMonotone(second, sign)
    case '!_':
      return isMonotone(first, sign === 'more' ? 'fewer' : 'more')
    case '_?_:_':
      return first !== undefined && !reads(first) && isMonotone(second, sign) && isMonotone(third, sign)
    case '@in':
      return sign === 'more' && isGrowing(second) && first !== undefined && !reads(first)
    case '_>_':
    case '_>=_':
      return sign === 'more' && isSize(first) && second !== undefined && !reads(second)
    case '_<_':
    case '_<=_':
      return sign === 'fewer' && isSize(first) && second !== undefined && !reads(second)
    default:
      return false
  }
}

function isMonotoneLoop({ iterRange, accuInit, loopStep, result }: Loop, sign: Sign): boolean {
  if (!isGrowing(iterRange) || loopStep === undefined || reads(loopStep)) return false
  const start = accuInit?.exprKind
  const isPlain = result?.exprKind.case === 'identExpr'
  if (!isPlain || start?.case !== 'constExpr' || start.value.constantKind.case !== 'boolValue') return false
  // exists() starts from false and can only become true with more items; all() is the other way round.
  return start.value.constantKind.value === (sign === 'fewer')
}

function isGrowing(expr: Expr | undefined): boolean {
  return expr?.exprKind.case === 'identExpr' && ['labels', 'findings'].includes(expr.exprKind.value.name)
}

function isSize(expr: Expr | undefined): boolean {
  if (expr?.exprKind.case !== 'callExpr' || expr.exprKind.value.function !== 'size') return false
  const { target, args } = expr.exprKind.value
  return isGrowing(target ?? args[0])
}

function reads(expr: Expr): boolean {
  if (isGrowing(expr)) return true
  const { case: kind, value } = expr.exprKind
  switch (kind) {
    case 'selectExpr':
      return value.operand !== undefined && reads(value.operand)
    case 'callExpr':
      return [value.target, ...value.args].some(part => part !== undefined && reads(part))
    case 'listExpr':
      return value.elements.some(reads)
    case 'comprehensionExpr':
      return [value.iterRange, value.accuInit, value.loopCondition, value.loopStep, value.result].some(
        part => part !== undefined && reads(part),
      )
    default:
      return false
  }
}
