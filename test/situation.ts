import type { Principal, ServerName, SessionId } from '../src/core/brand.ts'
import { localTenant } from '../src/core/brand.ts'
import { effectsOf, type Tool } from '../src/core/capability.ts'
import type { Guard, Scene } from '../src/core/guard.ts'
import type { Json, JsonObject } from '../src/core/json.ts'
import type { Body, Message, SurfacePart } from '../src/core/message.ts'
import { defaultsOf } from '../src/core/option.ts'
import { inspect, pipelineOf } from '../src/core/pipeline.ts'
import type { Session } from '../src/core/session.ts'

export const server = 'files' as ServerName

const listNames: Record<Exclude<SurfacePart, 'server'>, string> = {
  tools: 'tools',
  prompts: 'prompts',
  resources: 'resources',
  templates: 'resourceTemplates',
}

/** A message as the wire would make it of this body. */
export function messageOf(body: Body, rest: Partial<Omit<Message, 'body'>> = {}): Message {
  const { root, payload } = carried(body)
  const isRequest = root === '/params'
  return {
    id: 'm1',
    tenant: localTenant,
    principal: 'ann' as Principal,
    session: 's1' as SessionId,
    server,
    era: 'legacy',
    from: isRequest ? 'client' : 'server',
    atMs: 1_000_000,
    bytes: JSON.stringify(payload).length + 60,
    root,
    payload,
    body,
    ...rest,
  }
}

/** A session, its tools and what guards remember; nothing is configured of the server. */
export function sceneOf(rest: Partial<Scene> = {}): Scene {
  return { session: sessionOf(), tools: new Map(), server: { writers: 'unknown' }, shared: new Map(), ...rest }
}

export function sessionOf(rest: Partial<Session> = {}): Session {
  return {
    id: 's1' as SessionId,
    tenant: localTenant,
    principal: 'ann' as Principal,
    role: 'default',
    client: 'a test',
    startedMs: 0,
    labels: [],
    memory: {},
    ...rest,
  }
}

/** A tool as the pipeline sees it once its server has listed it. */
export function toolOf(definition: JsonObject): Tool {
  return { name: String(definition['name']), definition, effects: effectsOf(definition) }
}

/** A session that goes on: judges one message after the other and keeps what guards remember, as a gateway does. */
export function play(guard: Guard, { scene = sceneOf(), options = {} as Readonly<Record<string, unknown>> } = {}) {
  const pipeline = pipelineOf([guard], { [guard.id]: { ...defaultsOf(guard.options), ...options } })
  let memory: Readonly<Record<string, Json>> = scene.session.memory
  const shared = new Map(scene.shared)
  return (message: Message, session: Partial<Session> = {}) => {
    const now = { ...scene, session: { ...scene.session, memory, ...session }, shared }
    const seen = inspect(pipeline, message, { scene: now, share: 'all' })
    memory = { ...memory, ...seen.memory }
    for (const [key, value] of Object.entries(seen.shared)) shared.set(key, value)
    return seen.findings
  }
}

function carried(body: Body): { root: string; payload: Json } {
  switch (body.kind) {
    case 'server.declared':
      return { root: '/result', payload: body.declaration }
    case 'server.surface':
      return { root: '/result', payload: surface(body.part, body.items) }
    case 'tool.call':
      return { root: '/params', payload: { name: body.tool, arguments: body.args } }
    case 'prompt.get':
      return { root: '/params', payload: { name: body.prompt, arguments: body.args } }
    case 'resource.read':
      return { root: '/params', payload: { uri: body.uri } }
    case 'tool.waiting':
      return { root: '', payload: null }
    case 'tool.result':
    case 'resource.content':
    case 'prompt.result':
    case 'sampling.result':
    case 'elicitation.result':
      return { root: '/result', payload: body.result }
    case 'sampling.request':
    case 'elicitation.request':
    case 'notification':
      return { root: '/params', payload: body.params }
    case 'error':
      return { root: '/error', payload: body.error }
    case 'other':
      return { root: body.phase === 'request' ? '/params' : '/result', payload: body.value }
    default:
      return body satisfies never
  }
}

function surface(part: SurfacePart, items: readonly JsonObject[]): Json {
  return part === 'server' ? (items[0] ?? {}) : { [listNames[part]]: items }
}
