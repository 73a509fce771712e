import { isObject, type Json, type JsonObject } from '../core/json.ts'
import type { Envelope } from './envelope.ts'
import { encodeHeader } from './header-value.ts'

/** The `_meta` keys of the modern envelope that every request carries. */
export const metaKeys = {
  version: 'io.modelcontextprotocol/protocolVersion',
  capabilities: 'io.modelcontextprotocol/clientCapabilities',
} as const

export type Headers = Readonly<Record<string, string>>

const nameSources: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
])

/** What `Mcp-Name` must say for a body; undefined where the method has no name or the body lacks it. */
export function nameIn(method: string, params: JsonObject): string | undefined {
  const source = nameSources.get(method)
  const name = source === undefined ? undefined : params[source]
  return typeof name === 'string' ? name : undefined
}

/** A tool parameter whose value travels in a header too. */
export type MirroredParam = { readonly path: readonly string[]; readonly header: string; readonly isNumber: boolean }

const depthMax = 16
const paramsMax = 64
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/u

/** The parameters that a tool's input schema marks with `x-mcp-header`, at the places where the mark is allowed. */
export function mirroredParams(schema: Json | undefined): readonly MirroredParam[] {
  const found: MirroredParam[] = []
  collect(schema, [], found)
  return found
}

function collect(schema: Json | undefined, path: readonly string[], found: MirroredParam[]): void {
  if (!isObject(schema) || path.length > depthMax || found.length >= paramsMax) return
  const mark = schema['x-mcp-header']
  if (path.length > 0 && typeof mark === 'string' && token.test(mark))
    found.push({ path, header: `mcp-param-${mark.toLowerCase()}`, isNumber: isNumeric(schema['type']) })
  const properties = schema['properties']
  if (!isObject(properties)) return
  for (const [name, part] of Object.entries(properties)) collect(part, [...path, name], found)
}

function isNumeric(type: Json | undefined): boolean {
  return type === 'integer' || type === 'number'
}

/** A parameter's value as header text; undefined for what has no header form: null, absent, objects, unsafe numbers. */
export function paramText(params: JsonObject, path: readonly string[]): string | undefined {
  let here: Json | undefined = params['arguments']
  for (const key of path) here = isObject(here) && Object.hasOwn(here, key) ? here[key] : undefined
  if (typeof here === 'string') return here
  if (typeof here === 'boolean') return String(here)
  if (typeof here !== 'number' || (Number.isInteger(here) && !Number.isSafeInteger(here))) return undefined
  return String(here)
}

/**
 * The headers that a modern request must carry, made from its body: for a body that came without (stdio) and for one
 * whose name was rewritten. `schema` is the tool's input schema under the name that stands in the body.
 */
export function headersFor(envelope: Envelope, schema?: Json): Headers {
  if (envelope.kind !== 'request' && envelope.kind !== 'notification') return {}
  const version = versionIn(envelope.params)
  if (version === undefined) return {}
  const headers: Record<string, string> = { 'mcp-protocol-version': version, 'mcp-method': envelope.method }
  const name = nameIn(envelope.method, envelope.params)
  if (name !== undefined) headers['mcp-name'] = encodeHeader(name)
  if (envelope.method === 'tools/call' && schema !== undefined)
    for (const { path, header } of mirroredParams(schema)) {
      const text = paramText(envelope.params, path)
      if (text !== undefined) headers[header] = encodeHeader(text)
    }
  return headers
}

/** The protocol version that a body claims in its `_meta`; undefined when it makes no such claim. */
export function versionIn(params: JsonObject): string | undefined {
  const meta = params['_meta']
  const version = isObject(meta) ? meta[metaKeys.version] : undefined
  return typeof version === 'string' ? version : undefined
}
