import type { JsonObject } from '../core/json.ts'
import type { Refusal } from './refusal.ts'

const namedBy: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ...['read', 'subscribe', 'unsubscribe'].map(verb => [`resources/${verb}`, 'uri'] as const),
])

/**
 * Why a request that names something goes nowhere. A list with one name in it is that name to a server that is not strict,
 * and no name to any rule here.
 */
export function misnamed({ method, params }: { method: string; params: JsonObject }): Refusal | undefined {
  const member = namedBy.get(method)
  if (member === undefined || params[member] === undefined || typeof params[member] === 'string') return undefined
  return { code: 'malformed', text: `params.${member} of ${method} must be a text.`, details: {} }
}
