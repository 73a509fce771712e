import assert from 'node:assert/strict'
import test from 'node:test'
import type { Json, JsonObject } from '../core/json.ts'
import { copySchema, schemaBounds, stepKeyword } from './schema-copy.ts'

const why = (schema: JsonObject) => {
  const copy = copySchema(schema)
  return copy.kind === 'hostile' ? copy.why : 'safe'
}
const nested = (levels: number): JsonObject => {
  let schema: JsonObject = {}
  for (let i = 0; i < levels; i++) schema = { not: schema }
  return schema
}

test('references may point inside the schema only', () => {
  for (const $ref of ['http://127.0.0.1/x', 'file:///etc/passwd', 'other.json#/x', '//host/x', '', 'urn:x'])
    assert.equal(why({ properties: { a: { $ref } } }), 'refers to something outside itself', $ref)
  for (const $ref of ['#', '#/$defs/a', '#anchor']) assert.equal(why({ $ref }), 'safe')
  assert.equal(why({ anyOf: [{ $dynamicRef: 'http://127.0.0.1/x' }] }), 'refers to something outside itself')
})

test('a property may be called $ref, and constants may hold anything', () => {
  assert.equal(why({ properties: { $ref: { type: 'string' } } }), 'safe')
  assert.equal(why({ const: { $ref: 'http://127.0.0.1/' }, enum: [{ $ref: 'x' }], default: { $ref: 'y' } }), 'safe')
})

test('what is too deep, too wide or too large is refused without being walked to the end', () => {
  assert.equal(why(nested(20_000)), 'nested too deep')
  assert.equal(why({ enum: Array.from({ length: schemaBounds.items + 1 }, (_, i) => i) }), 'too large')
  assert.equal(why({ description: 'x'.repeat(schemaBounds.chars + 1) }), 'too large')
  const wide = { anyOf: Array.from({ length: 80 }, () => ({ anyOf: Array.from({ length: 80 }, () => ({})) })) }
  assert.equal(why(wide), 'too many subschemas')
})

test('what would change how a schema is run is left out, everywhere', () => {
  const copy = copySchema({
    $async: true,
    $id: 'http://127.0.0.1/x',
    [stepKeyword]: false,
    not: { $async: true, id: 'y' },
  })
  assert.deepEqual(copy, {
    kind: 'safe',
    isDraft7: false,
    schema: { [stepKeyword]: true, not: { [stepKeyword]: true } },
  })
})

test('the draft is read from $schema, and the newest is assumed', () => {
  const isDraft7 = ($schema: Json) => {
    const copy = copySchema({ $schema })
    return copy.kind === 'safe' && copy.isDraft7
  }
  assert.deepEqual(
    ['http://json-schema.org/draft-07/schema#', 'https://json-schema.org/draft/2020-12/schema', 'x', 7].map(isDraft7),
    [true, false, false, false],
  )
})

test('a property named __proto__ is a property', () => {
  const copy = copySchema(JSON.parse('{"properties":{"__proto__":{"type":"string"}}}') as JsonObject)
  assert.equal(copy.kind === 'safe' && JSON.stringify(copy.schema).includes('"__proto__"'), true)
})
