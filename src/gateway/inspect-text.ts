import { defaultConfig } from '../config/defaults.ts'
import { localTenant, type Principal, type ServerName, type SessionId } from '../core/brand.ts'
import type { Confidence, Finding, Severity } from '../core/finding.ts'
import type { Scene } from '../core/guard.ts'
import type { Json } from '../core/json.ts'
import type { Body, Message } from '../core/message.ts'
import { inspect, type Pipeline, pipelineOf } from '../core/pipeline.ts'
import type { VerdictKind } from '../core/verdict.ts'
import { guards } from '../guards/index.ts'
import type { Policy } from '../policy/compile.ts'
import { decide } from '../policy/decide.ts'
import { readMessage } from '../text/reading.ts'
import { signalsIn } from '../text/signal.ts'

/** response: a tool's answer. description: what a server says of a tool. direct: what stands in a prompt. */
export const textKinds = ['response', 'description', 'direct'] as const
export type TextKind = (typeof textKinds)[number]

export type Inspected = {
  readonly verdict: VerdictKind
  /** From 0, nothing seen, to 1: how sure and how severe the worst finding is. */
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

/** Judges one message on its own: no session before it, no server known, the guards and the policy of the default. */
export function inspectBody(body: Body): Inspected {
  const { pipeline, policy } = judges()
  const message = messageOf(body)
  const { findings } = inspect(pipeline, message, { scene, share: 'all' })
  const { verdict } = decide(policy, { message, findings, scene })
  return { verdict: verdict.kind, score: scoreOf(findings, message), findings }
}

type Judges = { readonly pipeline: Pipeline; readonly policy: Policy }
let made: Judges | undefined

function judges(): Judges {
  if (made !== undefined) return made
  const { policy, guards: settings } = defaultConfig(guards)
  made = { pipeline: pipelineOf(guards, settings), policy }
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

const certainty: Readonly<Record<Confidence, number>> = { possible: 0.5, likely: 0.8, certain: 1 }
const weight: Readonly<Record<Severity, number>> = { info: 0, low: 0.25, medium: 0.5, high: 0.9, critical: 1 }

/** The model's scores run far beyond where a plain logistic curve is flat. */
const spread = 8

/** The findings set the step; the model's own number orders texts within it, also those in which nothing was found. */
function scoreOf(findings: readonly Finding[], message: Message): number {
  const step = Math.max(0, ...findings.map(({ severity, confidence }) => weight[severity] * certainty[confidence]))
  const kind = message.body.kind === 'server.surface' ? 'description' : 'response'
  const within = 1 / (1 + Math.exp(-signalsIn(readMessage(message), kind, { isScored: true }).score / spread))
  return Math.round((step * 0.9 + within * 0.1) * 1000) / 1000
}
