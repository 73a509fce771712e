import type { Finding } from '../core/finding.ts'
import { guard } from '../core/guard.ts'
import { isObject, type Json, type JsonObject, type JsonPointer } from '../core/json.ts'
import { compileSchema, type Validator } from './schema-validator.ts'

export const schema = guard({
  id: 'schema',
  title: 'Arguments and structured answers that break the schema their tool was listed with',
  threats: ['V.schema', 'V.bounds'],
  reads: ['tool.call', 'tool.result'],
  options: {},
  inspect({ root, body }, { scene }) {
    const definition = scene.tool?.definition
    if (definition === undefined) return []
    if (body.kind === 'tool.call')
      return check(definition, 'inputSchema', { at: `${root}/arguments`, value: body.args ?? {} })
    const { result } = body
    if (result['isError'] === true || !isObject(definition['outputSchema'])) return []
    const value = result['structuredContent']
    if (value !== undefined) return check(definition, 'outputSchema', { at: `${root}/structuredContent`, value })
    return isFinal(result) ? [missing(root)] : []
  },
})

type Member = 'inputSchema' | 'outputSchema'
type Place = { readonly at: JsonPointer; readonly value: Json }

function check(definition: JsonObject, member: Member, { at, value }: Place): Finding[] {
  const found = validatorOf(definition, member)
  if (found === undefined) return [unchecked(at, `the tool has no ${member}`)]
  if (found.kind !== 'ready') {
    const why = `${member}: ${found.why}`
    return [found.kind === 'hostile' ? hostile(at, why) : { ...unchecked(at, why), severity: 'medium' }]
  }
  const patterns = found.unchecked.map(pattern => unchecked(at, `pattern without a linear form: ${pattern}`))
  const wrong = found.validate(value)
  if (wrong === undefined) return patterns
  const facts = { keyword: wrong.keyword, pointer: wrong.at, expected: wrong.expected.slice(0, 160) }
  const isCall = member === 'inputSchema'
  return [
    ...patterns,
    {
      rule: isCall ? 'schema/arguments' : 'schema/result',
      severity: isCall ? 'high' : 'medium',
      confidence: 'certain',
      at: at + wrong.at,
      facts,
      standards: ['CWE-20'],
    },
  ]
}

// Weak: a definition that is listed anew is another object, and the old one's validators go with it.
const compiled: Readonly<Record<Member, WeakMap<JsonObject, Validator>>> = {
  inputSchema: new WeakMap(),
  outputSchema: new WeakMap(),
}

function validatorOf(definition: JsonObject, member: Member): Validator | undefined {
  const known = compiled[member].get(definition)
  const source = definition[member]
  if (known !== undefined || !isObject(source)) return known
  const validator = compileSchema(source)
  compiled[member].set(definition, validator)
  return validator
}

function unchecked(at: JsonPointer, why: string): Finding {
  return { rule: 'schema/unchecked', severity: 'info', confidence: 'certain', at, facts: { why } }
}

function hostile(at: JsonPointer, why: string): Finding {
  return { rule: 'schema/hostile', severity: 'high', confidence: 'certain', at, facts: { why } }
}

// An answer that asks for more, or names a task, has its content still to come.
function isFinal(result: JsonObject): boolean {
  const type = result['resultType']
  return Array.isArray(result['content']) && (type === undefined || type === 'complete')
}

function missing(at: JsonPointer): Finding {
  const facts = { keyword: 'outputSchema', pointer: '', expected: 'structured content' }
  return { rule: 'schema/result', severity: 'medium', confidence: 'certain', at, facts }
}
