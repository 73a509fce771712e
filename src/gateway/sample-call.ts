import { isObject, type Json, type JsonObject } from '../core/json.ts'
import type { PlayedCall } from './try-server.ts'

export type SampleAbout = {
  /** Stands wherever a tool asks for a file or folder. */
  readonly path: string
  /** The server can reach somebody: only tools that say they change nothing are called. */
  readonly isReaching: boolean
}

const most = { calls: 50, depth: 5, members: 64, textChars: 200 } as const

/** One plain call for each tool, out of its schema: enough to make a server do what it does, and nothing of meaning. */
export function sampleCalls(tools: Readonly<Record<string, JsonObject>>, about: SampleAbout): readonly PlayedCall[] {
  return Object.values(tools)
    .filter(({ annotations }) => !about.isReaching || (isObject(annotations) && annotations['readOnlyHint'] === true))
    .slice(0, most.calls)
    .flatMap(({ name, inputSchema }) => {
      const isMaking = typeof name === 'string' && /write|create|edit|append|save|move|copy/iu.test(name)
      const at = isMaking ? { ...about, path: `${about.path}/sample.txt` } : about
      const value = sample(isObject(inputSchema) ? inputSchema : {}, { name: '', depth: 0, about: at })
      return typeof name === 'string' ? [{ tool: name, arguments: isObject(value) ? value : {} }] : []
    })
}

type Place = { readonly name: string; readonly depth: number; readonly about: SampleAbout }

function sample(schema: JsonObject, place: Place): Json {
  for (const given of [schema['const'], schema['default'], firstOf(schema['examples']), firstOf(schema['enum'])])
    if (given !== undefined) return given
  const inner = firstOf(schema['anyOf']) ?? firstOf(schema['oneOf']) ?? firstOf(schema['allOf'])
  if (isObject(inner) && place.depth < most.depth) return sample(inner, { ...place, depth: place.depth + 1 })
  const type = firstOf(schema['type']) ?? schema['type'] ?? (isObject(schema['properties']) ? 'object' : 'string')
  switch (type) {
    case 'object':
      return sampleObject(schema, place)
    case 'array':
      return sampleList(schema, place)
    case 'number':
    case 'integer':
      return sampleNumber(schema)
    case 'boolean':
      return false
    case 'null':
      return null
    default:
      return sampleText(schema, place)
  }
}

function sampleObject({ properties, required }: JsonObject, place: Place): JsonObject {
  if (!isObject(properties) || place.depth >= most.depth) return {}
  const wanted = isList(required) ? required.filter(name => typeof name === 'string') : []
  const known = wanted.slice(0, most.members).flatMap(name => {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined
    return isObject(schema) ? [[name, sample(schema, { ...place, name, depth: place.depth + 1 })] as const] : []
  })
  return Object.fromEntries(known)
}

function sampleList({ items, minItems }: JsonObject, place: Place): Json {
  const wanted = Math.min(typeof minItems === 'number' ? minItems : 1, most.depth)
  if (!isObject(items) || place.depth >= most.depth) return []
  const inner = { ...place, name: place.name.replace(/s$/u, ''), depth: place.depth + 1 }
  return Array.from({ length: wanted }, () => sample(items, inner))
}

function sampleNumber({ minimum, maximum }: JsonObject): number {
  if (typeof minimum === 'number') return minimum
  return typeof maximum === 'number' ? Math.min(1, maximum) : 1
}

function sampleText({ format, minLength }: JsonObject, { name, about }: Place): string {
  if (format === 'uri' || format === 'url' || /ur[il]$/iu.test(name)) return 'https://example.com/'
  if (format === 'email' || /e-?mail/iu.test(name)) return 'ann@example.com'
  if (format === 'date-time') return '2026-01-01T00:00:00Z'
  if (format === 'date') return '2026-01-01'
  if (/path|file|folder|dir|root|source|destination|repo/iu.test(name)) return about.path
  const wanted = typeof minLength === 'number' ? Math.min(Math.max(minLength, 0), most.textChars) : 0
  return 'sample'.padEnd(wanted, 'e')
}

function firstOf(value: Json | undefined): Json | undefined {
  return isList(value) ? value[0] : undefined
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}
