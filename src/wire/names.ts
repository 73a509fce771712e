import { isObject, type Json } from '../core/json.ts'
import type { Envelope } from './envelope.ts'

// Members that decide something, of requests and of results. Tool arguments are not looked at: their names are free.
const defined = [
  ...['_meta', 'name', 'arguments', 'uri', 'cursor', 'task', 'taskId', 'inputResponses', 'requestState'],
  ...['requestId', 'progressToken', 'protocolVersion', 'capabilities', 'clientInfo', 'ref', 'argument', 'context'],
  ...['messages', 'systemPrompt', 'tools', 'toolChoice', 'requestedSchema', 'message', 'mode', 'url', 'level', 'data'],
  ...['content', 'structuredContent', 'isError', 'resultType', 'inputRequests', 'contents', 'description', 'status'],
  ...['prompts', 'resources', 'resourceTemplates', 'nextCursor', 'instructions', 'serverInfo', 'supportedVersions'],
  ...['action', 'role', 'model', 'stopReason', 'roots', 'completion', 'tasks', 'result', 'error', 'notifications'],
]
const exact = new Set(defined)
const byFold = new Map(defined.map(name => [fold(name), name]))

/**
 * Says which member of params or result differs from one of MCP's only in letter case. Go's JSON reader takes `Name`
 * for `name` and lets the later one win, so that a server would run another tool than the one that was judged.
 */
export function misspelled(envelope: Envelope): string | undefined {
  switch (envelope.kind) {
    case 'request':
    case 'notification':
      return misspelledIn(envelope.params, 'params')
    case 'result':
      return misspelledIn(envelope.result, 'result')
    case 'error':
      return undefined
    default:
      return envelope satisfies never
  }
}

function misspelledIn(object: Json, place: string): string | undefined {
  if (!isObject(object)) return undefined
  for (const key in object) {
    if (exact.has(key)) continue
    const meant = byFold.get(fold(key))
    if (meant !== undefined) return `a member of ${place} is spelled almost like "${meant}"; letter case counts`
  }
  return undefined
}

// Through upper case first: the long s and the Kelvin sign fold to s and k there, as they do in Go.
function fold(key: string): string {
  return key.toUpperCase().toLowerCase()
}
