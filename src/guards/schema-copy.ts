import { isObject, type Json, type JsonObject } from '../core/json.ts'
import { measure } from '../text/measure.ts'

/** A schema made safe to compile, or why it is not: a schema is written by a server, and compiled into our process. */
export type SchemaCopy =
  | { readonly kind: 'safe'; readonly schema: JsonObject; readonly isDraft7: boolean }
  | { readonly kind: 'hostile'; readonly why: string }

export const schemaBounds = { depth: 64, items: 2_000, chars: 131_072, schemas: 5_000 } as const

/** The keyword put into every subschema: it counts what a validation costs, so that none can go on without end. */
export const stepKeyword = 'sallyport:step'

/** Copies a schema: references stay inside it, nothing makes it asynchronous, every subschema counts its steps. */
export function copySchema(schema: JsonObject): SchemaCopy {
  const { depth, items, chars } = measure(schema)
  if (depth > schemaBounds.depth) return { kind: 'hostile', why: 'nested too deep' }
  if (items > schemaBounds.items || chars > schemaBounds.chars) return { kind: 'hostile', why: 'too large' }
  const notes: Notes = { schemas: 0 }
  const copy = schemaOf(schema, notes)
  if (notes.schemas > schemaBounds.schemas) return { kind: 'hostile', why: 'too many subschemas' }
  if (notes.outside !== undefined) return { kind: 'hostile', why: 'refers to something outside itself' }
  return { kind: 'safe', schema: copy, isDraft7: /draft-0[4-7]/u.test(String(schema['$schema'] ?? '')) }
}

type Notes = { schemas: number; outside?: string }

// `$async` would make the validator answer with a promise, which is always true; identifiers could claim those of others.
const dropped = new Set(['$schema', '$id', 'id', '$async', '$vocabulary', stepKeyword])
const references = new Set(['$ref', '$dynamicRef', '$recursiveRef'])
const data = new Set(['const', 'enum', 'default', 'examples', 'example', 'required', 'type'])
const maps = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies'])

function schemaOf(schema: JsonObject, notes: Notes): JsonObject {
  notes.schemas++
  const members: [string, Json][] = [[stepKeyword, true]]
  for (const [key, value] of Object.entries(schema)) {
    if (value === undefined || dropped.has(key)) continue
    if (references.has(key) && typeof value === 'string' && !value.startsWith('#')) notes.outside = value
    members.push([key, memberOf(key, value, notes)])
  }
  // Not by assignment: a member named `__proto__` must stay a member.
  return Object.fromEntries(members)
}

function memberOf(key: string, value: Json, notes: Notes): Json {
  if (data.has(key)) return value
  if (maps.has(key) && isObject(value)) return Object.fromEntries(inner(value, notes))
  return innerOf(value, notes)
}

function inner(map: JsonObject, notes: Notes): [string, Json][] {
  return Object.entries(map).map(([name, value]) => [name, innerOf(value ?? null, notes)])
}

function innerOf(value: Json, notes: Notes): Json {
  if (Array.isArray(value)) return value.map(item => innerOf(item, notes))
  return isObject(value) ? schemaOf(value, notes) : value
}
