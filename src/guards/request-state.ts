import { hash } from 'node:crypto'
import type { Finding } from '../core/finding.ts'
import { guardWithMemory } from '../core/guard.ts'
import { isObject, type Json } from '../core/json.ts'
import type { Message } from '../core/message.ts'
import { option } from '../core/option.ts'

type State = readonly [state: string, request: string]

const start: readonly State[] = []

export const requestState = guardWithMemory({
  id: 'request-state',
  title: 'State of a call in several rounds that comes back changed, from elsewhere, or for another call',
  threats: [],
  reads: ['tool.call', 'tool.result', 'prompt.get', 'prompt.result', 'resource.read', 'resource.content'],
  options: {
    statesMax: option.number({
      about: 'States that one session may have open; the oldest is forgotten first, and refused when it comes back',
      default: 128,
      min: 1,
      max: 1024,
      tighter: 'lower',
    }),
  },
  start,
  inspect(message, { options, memory }) {
    const state = stateOf(message)
    if (state === undefined) return { findings: [], memory }
    const seen = digest(state)
    const request = requestOf(message)
    if (message.from === 'client') return { findings: judge(message, { seen, request }, memory), memory }
    const others = memory.filter(([known, asked]) => known !== seen || asked !== request)
    return { findings: [], memory: [...others, [seen, request] as const].slice(-options.statesMax) }
  },
})

type Read = Message<'tool.call' | 'tool.result' | 'prompt.get' | 'prompt.result' | 'resource.read' | 'resource.content'>
type Shown = { readonly seen: string; readonly request: string }

function stateOf({ payload }: Read): Json | undefined {
  return isObject(payload) ? payload['requestState'] : undefined
}

/** The server trusts what it finds in its state; whoever carries it must be the one it was given to, for the same call. */
function judge({ root }: Read, { seen, request }: Shown, memory: readonly State[]): Finding[] {
  const given = memory.filter(([known]) => known === seen)
  if (given.some(([, asked]) => asked === request)) return []
  const rule = given.length > 0 ? 'request-state/other-call' : 'request-state/unknown'
  const standards = ['CWE-345', 'CWE-639']
  return [{ rule, severity: 'high', confidence: 'certain', at: `${root}/requestState`, facts: {}, standards }]
}

/** What a state was given for. A prompt's answer does not repeat the arguments, so that they do not count there. */
function requestOf({ server, body }: Read): string {
  switch (body.kind) {
    case 'tool.call':
    case 'tool.result':
      return digest(['tool', server, body.tool, body.args])
    case 'prompt.get':
    case 'prompt.result':
      return digest(['prompt', server, body.prompt])
    case 'resource.read':
    case 'resource.content':
      return digest(['resource', server, body.uri])
    default:
      return body satisfies never
  }
}

function digest(value: Json): string {
  return hash('sha256', JSON.stringify(sorted(value)), 'base64url').slice(0, 22)
}

/** A client may write the members of an object in another order the second time. */
function sorted(value: Json): Json {
  if (value === null || typeof value !== 'object') return value
  // Lists and objects are marked, so that no list of pairs looks like an object.
  if (!isObject(value)) return ['list', ...value.map(sorted)]
  const keys = Object.keys(value).sort()
  return ['object', ...keys.map(key => [key, sorted(value[key] ?? null)])]
}
