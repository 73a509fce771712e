import type { AnyNode } from 'acorn'

/** Stands in a folded text for the part that is only known when the program runs. */
export const unknownPart = '\ufffc'

export type Constants = ReadonlyMap<string, string>

const partsMax = 500
const charsMax = 200_000

/**
 * The text that an expression always gives, as far as the source says: literals, sums, templates, joins, reversals, base64
 * and character codes, which are what obfuscators cut a host or a module name into. Undefined where it gives no text.
 */
export function foldText(node: AnyNode | null | undefined, constants: Constants, depth = 0): string | undefined {
  if (node === null || node === undefined || depth > 40) return undefined
  const fold = (each: AnyNode | null | undefined) => foldText(each, constants, depth + 1)
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? node.value.slice(0, charsMax) : undefined
    case 'Identifier':
      return constants.get(node.name)
    case 'ParenthesizedExpression':
      return fold(node.expression)
    case 'TemplateLiteral': {
      const texts = node.quasis.map((quasi, i) => {
        const gap = node.expressions[i]
        return (quasi.value.cooked ?? '') + (gap === undefined ? '' : (fold(gap) ?? unknownPart))
      })
      return texts.join('').slice(0, charsMax)
    }
    case 'BinaryExpression': {
      if (node.operator !== '+') return undefined
      const [left, right] = [fold(node.left), fold(node.right)]
      if (left === undefined && right === undefined) return undefined
      return ((left ?? unknownPart) + (right ?? unknownPart)).slice(0, charsMax)
    }
    case 'CallExpression':
      return foldCall(node, fold)
    default:
      return undefined
  }
}

type Fold = (node: AnyNode | null | undefined) => string | undefined
type Call = Extract<AnyNode, { type: 'CallExpression' }>

function foldCall({ callee, arguments: args }: Call, fold: Fold): string | undefined {
  const [first, second] = args
  if (callee.type === 'Identifier') {
    const text = fold(first)
    if (callee.name === 'atob') return text === undefined ? undefined : decoded(text, 'base64')
    return /^(?:String|decodeURIComponent|unescape)$/u.test(callee.name) ? text : undefined
  }
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return undefined
  const { object } = callee
  switch (callee.property.name) {
    case 'from':
      if (isNamed(object, 'Buffer') && first?.type === 'ArrayExpression') return bytesOf(first.elements)
      return isNamed(object, 'Buffer') ? decoded(fold(first) ?? '', fold(second) ?? 'utf8') : undefined
    case 'fromCharCode':
      return args.slice(0, partsMax).map(charOf).join('')
    case 'join':
      return object.type === 'ArrayExpression'
        ? joined(object.elements, fold, fold(first) ?? ',')
        : reversed(object, fold)
    case 'decode':
      return first?.type === 'NewExpression' && first.arguments[0]?.type === 'ArrayExpression'
        ? bytesOf(first.arguments[0].elements)
        : undefined
    case 'replace':
    case 'replaceAll':
      return replaced([fold(object), fold(first), fold(second)])
    case 'concat':
      return [object, ...args].map(each => fold(each) ?? unknownPart).join('')
    case 'toString':
    case 'trim':
    case 'toLowerCase':
      return fold(object)
    default:
      return undefined
  }
}

/** Bytes as numbers, one by one. */
function bytesOf(elements: readonly (AnyNode | null)[]): string {
  return elements
    .slice(0, partsMax * 4)
    .map(each => (each === null ? '' : charOf(each)))
    .join('')
}

function replaced([text, from, to]: readonly (string | undefined)[]): string | undefined {
  return text === undefined || from === undefined || to === undefined || from === ''
    ? undefined
    : text.replaceAll(from, () => to).slice(0, charsMax)
}

function isNamed(node: AnyNode, name: string): boolean {
  return node.type === 'Identifier' && node.name === name
}

function charOf(node: AnyNode): string {
  return node.type === 'Literal' && typeof node.value === 'number' ? String.fromCharCode(node.value) : unknownPart
}

function joined(elements: readonly (AnyNode | null)[], fold: Fold, by: string): string {
  return elements
    .slice(0, partsMax)
    .map(each => fold(each) ?? unknownPart)
    .join(by)
}

/** `'moc.live'.split('').reverse().join('')`. */
function reversed(node: AnyNode, fold: Fold): string | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined
  const { object, property } = node.callee
  if (!isNamed(property, 'reverse')) return undefined
  if (object.type !== 'CallExpression' || object.callee.type !== 'MemberExpression') return undefined
  return isNamed(object.callee.property, 'split')
    ? [...(fold(object.callee.object) ?? '')].reverse().join('')
    : undefined
}

function decoded(text: string, encoding: string): string | undefined {
  if (text.includes(unknownPart)) return undefined
  return encoding === 'base64' || encoding === 'base64url' || encoding === 'hex'
    ? Buffer.from(text, encoding).toString('utf8')
    : text
}
