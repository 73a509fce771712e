import assert from 'node:assert/strict'
import test from 'node:test'
import { cpuMs } from '../../test/cpu-time.ts'
import { fc } from '../../test/property.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { compileSchema } from './schema-validator.ts'

const keyword = (schema: JsonObject, value: Json) => {
  const validator = compileSchema(schema)
  return validator.kind === 'ready' ? validator.validate(value)?.keyword : validator.kind
}
const within = (ms: number, run: () => void) => {
  const began = cpuMs()
  run()
  const took = cpuMs() - began
  assert.ok(took < ms, `${took} ms`)
}

test('a schema that is only itself, or goes in a circle, ends as a value that cannot be checked', () => {
  for (const schema of [
    { $ref: '#' },
    { allOf: [{ $ref: '#' }] },
    { $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' },
  ])
    within(3_000, () =>
      assert.ok(['cost', 'hostile', 'invalid'].includes(String(keyword(schema, {}))), JSON.stringify(schema)),
    )
})

test('references that double at each of thirty levels end after a bounded number of steps', () => {
  const $defs: Record<string, Json> = { d0: { type: 'object' } }
  for (let i = 1; i <= 30; i++)
    $defs[`d${i}`] = { allOf: [{ $ref: `#/$defs/d${i - 1}` }, { $ref: `#/$defs/d${i - 1}` }] }
  within(3_000, () => assert.equal(keyword({ $defs, $ref: '#/$defs/d30' }, {}), 'cost'))
})

test('a schema that doubles with each level of the value ends too', () => {
  const node = { type: 'object', properties: { a: { allOf: [{ $ref: '#/$defs/n' }, { $ref: '#/$defs/n' }] } } }
  let value: Json = {}
  for (let i = 0; i < 30; i++) value = { a: value }
  within(3_000, () => assert.equal(keyword({ $defs: { n: node }, $ref: '#/$defs/n' }, value), 'cost'))
})

test('ten thousand items that must differ are compared in linear time, and members in any order', () => {
  const schema = { type: 'array', uniqueItems: true }
  const items = Array.from({ length: 10_000 }, (_, i) => ({ a: i, b: { c: i } }))
  within(1_000, () => assert.equal(keyword(schema, items), undefined))
  assert.equal(
    keyword(schema, [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ]),
    'uniqueItems',
  )
  assert.equal(keyword(schema, [1, '1', [1], ['1'], true, 'true', null, 'null', { a: 1 }, [['a', 1]]]), undefined)
})

test('a schema cannot say of itself that it validates later', () => {
  assert.equal(keyword({ $async: true, type: 'string' }, 7), 'type')
  assert.equal(keyword({ properties: { a: { $async: true, type: 'string' } } }, { a: 7 }), 'type')
})

test('two schemas that claim one name have nothing to do with each other', () => {
  const $id = 'http://json-schema.org/draft-07/schema'
  assert.equal(keyword({ $id, type: 'string' }, 7), 'type')
  assert.equal(keyword({ $id, type: 'number' }, 7), undefined)
})

test('what an object inherits is no property', () => {
  assert.equal(keyword({ required: ['constructor'] }, {}), 'required')
  assert.equal(keyword({ required: ['toString'] }, {}), 'required')
})

test('code in a keyword is never run', () => {
  const evil = 'x"]); globalThis.pwned = 1; ("' as Json
  for (const name of [
    'minimum',
    'maxLength',
    'multipleOf',
    'minItems',
    'required',
    'pattern',
    'format',
    'type',
    'const',
    '$comment',
  ])
    keyword({ [name]: evil, properties: { [String(evil)]: { [name]: evil } }, required: [String(evil)] }, { a: 1 })
  assert.equal(Reflect.get(globalThis, 'pwned'), undefined)
})

test('no schema whatever throws, and no compiled one throws on any value', () => {
  const word = fc.constantFrom(
    'type',
    'properties',
    'items',
    'allOf',
    'anyOf',
    'not',
    '$ref',
    'enum',
    'const',
    'required',
    'if',
    'then',
    'pattern',
    '$defs',
    'additionalProperties',
    'nullable',
    'dependencies',
    'contains',
  )
  const { schema } = fc.letrec<{ schema: JsonObject }>(tie => ({
    schema: fc.dictionary(
      word,
      fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<Json>('string', '#', '#/properties/type', 'a+', 1, true, null, []),
        fc.array(fc.string(), { maxLength: 2 }),
        tie('schema'),
        fc.array(tie('schema'), { maxLength: 2 }),
      ),
      { maxKeys: 3, noNullPrototype: true },
    ) as fc.Arbitrary<JsonObject>,
  }))
  fc.assert(
    fc.property(schema, fc.jsonValue(), (schema, value) => {
      keyword(schema, JSON.parse(JSON.stringify(value)) as Json)
    }),
    { numRuns: 60 },
  )
})
