import { defaultConfig } from '../config/defaults.ts'
import { localTenant, type Principal, type ServerName, type SessionId } from '../core/brand.ts'
import type { Finding } from '../core/finding.ts'
import type { Scene } from '../core/guard.ts'
import type { Json } from '../core/json.ts'
import type { Body, Message } from '../core/message.ts'
import { inspect, type Pipeline, pipelineOf } from '../core/pipeline.ts'
import { guards } from '../guards/index.ts'
import { operatingPoints } from '../text/operating-points.ts'
import { readMessage } from '../text/reading.ts'
import { scoreIn } from '../text/signal.ts'

/** response: a tool's answer. description: what a server says of a tool. direct: what stands in a prompt. */
export const textKinds = ['response', 'description', 'direct'] as const
export type TextKind = (typeof textKinds)[number]

export type Inspected = {
  /** What the two operating points say of it (docs/detection.md); what a gateway does then is its policy's word. */
  readonly verdict: 'allow' | 'ask' | 'block'
  /** From 0 to 1; asking begins at 0.5, blocking at 0.9. */
  readonly score: number
  readonly findings: readonly Finding[]
}

export function isTextKind(value: unknown): value is TextKind {
  return textKinds.some(kind => kind === value)
}

/** A text as the message that would carry it to a model. */
export function textBody(kind: TextKind, text: string): Body {
  const content = { type: 'text', text }
  switch (kind) {
    case 'response':
      return { kind: 'tool.result', tool: 'inspected', args: {}, result: { content: [content] } }
    case 'description': {
      const tool = { name: 'inspected', description: text, inputSchema: { type: 'object' } }
      return { kind: 'server.surface', part: 'tools', items: [tool] }
    }
    case 'direct':
      return { kind: 'prompt.result', prompt: 'inspected', result: { messages: [{ role: 'user', content }] } }
    default:
      return kind satisfies never
  }
}

/** Judges one message on its own: no session before it, no server known, the guards of the default. */
export function inspectBody(body: Body): Inspected {
  const message = messageOf(body)
  const { findings } = inspect(guardsOfDefault(), message, { scene, share: 'all' })
  const level = Math.max(0, ...findings.map(levelOf))
  return { verdict: verdicts[level] ?? 'block', score: scoreOf(message, level), findings }
}

const verdicts = ['allow', 'ask', 'block'] as const

/** What would be cut out does not pass either. */
function levelOf({ confidence, severity }: Finding): number {
  if (severity !== 'high' && severity !== 'critical') return 0
  return confidence === 'possible' ? 1 : 2
}

let made: Pipeline | undefined

function guardsOfDefault(): Pipeline {
  made ??= pipelineOf(guards, defaultConfig(guards).guards)
  return made
}

const server = 'inspected' as ServerName
const principal = 'nobody' as Principal
const session = 'inspected' as SessionId

const scene: Scene = {
  session: {
    id: session,
    tenant: localTenant,
    principal,
    role: 'default',
    client: 'inspect',
    startedMs: 0,
    labels: [],
    memory: {},
  },
  tools: new Map(),
  server: { writers: 'unknown' },
}

function messageOf(body: Body): Message {
  const payload = payloadOf(body)
  return {
    id: 'inspected',
    tenant: localTenant,
    principal,
    session,
    server,
    era: 'legacy',
    from: 'server',
    atMs: 0,
    bytes: Buffer.byteLength(JSON.stringify(payload)),
    root: '/result',
    payload,
    body,
  }
}

function payloadOf(body: Body): Json {
  if (body.kind === 'server.surface') return { [body.part]: body.items }
  return 'result' in body ? body.result : null
}

/** The model's score laid on a scale on which every set of weights means the same; a finding lifts it to its level. */
function scoreOf(message: Message, level: number): number {
  const kind = message.body.kind === 'server.surface' ? 'description' : 'response'
  const { ask, block } = operatingPoints[kind]
  const score = scoreIn(readMessage(message), kind)
  const own = 1 / (1 + Math.exp((-Math.log(9) * (score - ask)) / (block - ask)))
  const floors = [0, 0.5, 0.9]
  // Above the floor the model's word still orders; it reaches no level that no finding has.
  const most = [0.499, 0.899, 0.999][level] ?? 0.999
  return Math.round(Math.min(most, Math.max(own, (floors[level] ?? 0) + 0.09 * own)) * 1000) / 1000
}
