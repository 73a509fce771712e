import type { Principal, ServerName, SessionId, Tenant } from './brand.ts'
import type { Json, JsonObject, JsonPointer } from './json.ts'

/** legacy: 2024-11-05 … 2025-11-25, with a handshake and sessions. modern: 2026-07-28, stateless. */
export type Era = 'legacy' | 'modern'

/** What a model can read of a server before it calls anything. `server` is the handshake's or discovery's result. */
export type SurfacePart = 'server' | 'tools' | 'prompts' | 'resources' | 'templates'

/** One member per thing that MCP lets cross the line. Names of tools and prompts are the server's own. */
export type Body =
  | { readonly kind: 'server.declared'; readonly declaration: JsonObject }
  | { readonly kind: 'server.surface'; readonly part: SurfacePart; readonly items: readonly JsonObject[] }
  | { readonly kind: 'tool.call'; readonly tool: string; readonly args: Json }
  | { readonly kind: 'tool.waiting'; readonly tool: string; readonly startedMs: number; readonly progressMs: number }
  | { readonly kind: 'tool.result'; readonly tool: string; readonly args: Json; readonly result: JsonObject }
  | { readonly kind: 'resource.read'; readonly uri: string }
  | { readonly kind: 'resource.content'; readonly uri: string; readonly result: JsonObject }
  | { readonly kind: 'prompt.get'; readonly prompt: string; readonly args: Json }
  | { readonly kind: 'prompt.result'; readonly prompt: string; readonly result: JsonObject }
  | { readonly kind: 'sampling.request' | 'elicitation.request'; readonly params: JsonObject }
  | { readonly kind: 'sampling.result' | 'elicitation.result'; readonly result: JsonObject }
  | { readonly kind: 'error'; readonly method: string; readonly tool?: string; readonly error: JsonObject }
  | { readonly kind: 'notification'; readonly method: string; readonly params: JsonObject }
  | {
      readonly kind: 'other'
      readonly method: string
      readonly phase: 'request' | 'result'
      readonly value: Json
      /** The call that a request about a task is about. */
      readonly call?: { readonly tool: string; readonly args: Json }
    }

/** The tool that a message is about; empty where its server started a task without saying for which call. */
export function toolIn(body: Body): string | undefined {
  return 'tool' in body ? body.tool : body.kind === 'other' ? body.call?.tool : undefined
}

export type Kind = Body['kind']

// By lookup, so that a message of one kind is also a message of any of several.
type BodyOf = { readonly [K in Kind]: Sharing<Body, K> }
type Sharing<B extends Body, K extends Kind> = B extends Body
  ? K extends B['kind']
    ? B & { readonly kind: K }
    : never
  : never

export type Message<out K extends Kind = Kind> = {
  /** Names this message in the audit log, in refusals and in tickets. */
  readonly id: string
  readonly tenant: Tenant
  readonly principal: Principal
  readonly session: SessionId
  readonly server: ServerName
  readonly era: Era
  /** Who sent it. What comes from a server is attacker's text until shown otherwise. */
  readonly from: 'client' | 'server'
  /** Milliseconds since the epoch; guards read no other clock. */
  readonly atMs: number
  /** Size on the wire. */
  readonly bytes: number
  /** Where `payload` stands in the JSON-RPC message: `/params`, `/result`, `/error`, or empty outside the wire. */
  readonly root: JsonPointer
  /** All that guards may read; a finding's pointer is `root` followed by the path inside this. */
  readonly payload: Json
  readonly body: BodyOf[K]
}

const everyKind: Readonly<Record<Kind, true>> = {
  'server.declared': true,
  'server.surface': true,
  'tool.call': true,
  'tool.waiting': true,
  'tool.result': true,
  'resource.read': true,
  'resource.content': true,
  'prompt.get': true,
  'prompt.result': true,
  'sampling.request': true,
  'sampling.result': true,
  'elicitation.request': true,
  'elicitation.result': true,
  error: true,
  notification: true,
  other: true,
}

/** Every kind there is, for guards that read them all; a new kind does not compile until it stands here. */
export const kinds: readonly Kind[] = Object.keys(everyKind).filter(isKind)

function isKind(name: string): name is Kind {
  return Object.hasOwn(everyKind, name)
}
