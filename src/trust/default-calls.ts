import { effectsOf } from '../core/capability.ts'
import { isObject, type Json, type JsonObject } from '../core/json.ts'
import { isSameJson } from './unchanged.ts'

/** A call that an update may play to both versions. */
export type TrialCall = { readonly tool: string; readonly arguments: JsonObject }

const callsMax = 20

/**
 * Calls that can be made of a surface alone: of tools that only read and ask for nothing. Arguments made up from a schema
 * would test how a server refuses nonsense, and what it may change is for nobody's machine to find out.
 */
export function defaultCalls(tools: Readonly<Record<string, JsonObject>>): readonly TrialCall[] {
  return Object.values(tools)
    .filter(tool => effectsOf(tool).every(effect => effect === 'read') && asksNothing(tool['inputSchema']))
    .flatMap(({ name }) => (typeof name === 'string' ? [{ tool: name, arguments: {} }] : []))
    .toSorted((a, b) => (a.tool < b.tool ? -1 : 1))
    .slice(0, callsMax)
}

function asksNothing(schema: Json | undefined): boolean {
  if (schema === undefined) return true
  if (!isObject(schema)) return false
  const { required, anyOf, oneOf, allOf } = schema
  const isBare = anyOf === undefined && oneOf === undefined && allOf === undefined
  return isBare && (required === undefined || (Array.isArray(required) && required.length === 0))
}

/** The calls that one version answers alike in two runs: of the others, no difference would mean anything. */
export function stableCalls(
  calls: readonly TrialCall[],
  once: readonly Json[],
  again: readonly Json[],
): readonly TrialCall[] {
  return calls.filter((_, i) => once[i] !== undefined && isSameJson(once[i], again[i]))
}
