import type { Principal, ServerName, SessionId } from '../core/brand.ts'
import { localTenant } from '../core/brand.ts'
import { type Effect, effectsOf } from '../core/capability.ts'
import type { Finding } from '../core/finding.ts'
import { isObject, type Json, type JsonObject } from '../core/json.ts'
import type { Body, Kind } from '../core/message.ts'
import type { Situation } from './facts.ts'
import type { PolicyTest, TestFinding } from './rule.ts'

/** The situation that a test of a policy describes; also what `explain` is asked about. */
export function situationOf(test: Omit<PolicyTest, 'expect'>): Situation {
  const body = bodyOf(test)
  const server = (test.server ?? 'server') as ServerName
  const principal = (test.principal ?? 'me') as Principal
  const session = 'described' as SessionId
  const atMs = test.at === undefined ? 0 : Date.parse(test.at)
  const who = { id: session, tenant: localTenant, principal, role: test.role ?? 'default', client: 'policy test' }
  return {
    message: {
      ...{ id: 'described', tenant: localTenant, principal, session, server, era: 'modern', atMs, bytes: 0 },
      ...{ from: fromOf(body.kind), root: '/params', payload: payloadOf(body), body },
    },
    findings: (test.findings ?? []).map(findingOf),
    scene: {
      session: { ...who, startedMs: atMs, labels: test.labels ?? [], memory: {} },
      ...toolOf(test),
      tools: new Map(),
      server: { writers: 'unknown' },
    },
  }
}

function toolOf({ tool, effects }: Omit<PolicyTest, 'expect'>): Pick<Situation['scene'], 'tool'> {
  if (tool === undefined) return {}
  const known: readonly Effect[] = effects ?? effectsOf({ name: tool })
  return { tool: { name: tool, definition: { name: tool }, effects: known } }
}

function findingOf({ rule, severity, confidence, labels, fixable }: TestFinding): Finding {
  const fix = fixable === true ? { fix: [{ at: '', set: null }] } : {}
  return { rule, severity, confidence, at: '', facts: {}, ...(labels && { labels }), ...fix }
}

const fromServer: readonly Kind[] = [
  ...(['server.declared', 'server.surface', 'tool.waiting', 'tool.result', 'resource.content'] as const),
  ...(['prompt.result', 'sampling.request', 'elicitation.request', 'error', 'notification'] as const),
]

function fromOf(kind: Kind): 'client' | 'server' {
  return fromServer.includes(kind) ? 'server' : 'client'
}

function kindOf({ kind, resource, prompt, method }: Omit<PolicyTest, 'expect'>): Kind {
  if (kind !== undefined) return kind
  if (resource !== undefined) return 'resource.read'
  if (prompt !== undefined) return 'prompt.get'
  return method === undefined ? 'tool.call' : 'other'
}

function bodyOf(test: Omit<PolicyTest, 'expect'>): Body {
  const { tool = 'tool', resource: uri = 'file:///x', prompt = 'prompt', method = 'ping' } = test
  const args = jsonOf(test.args ?? {})
  const result = objectOf(test.result)
  const kind = kindOf(test)
  switch (kind) {
    case 'server.declared':
      return { kind, declaration: result }
    case 'server.surface':
      return { kind, part: 'tools', items: [] }
    case 'tool.call':
      return { kind, tool, args }
    case 'tool.waiting':
      return { kind, tool, startedMs: 0, progressMs: 0 }
    case 'tool.result':
      return { kind, tool, args, result }
    case 'resource.read':
      return { kind, uri }
    case 'resource.content':
      return { kind, uri, result }
    case 'prompt.get':
      return { kind, prompt, args }
    case 'prompt.result':
      return { kind, prompt, result }
    case 'sampling.request':
    case 'elicitation.request':
    case 'notification':
      return kind === 'notification' ? { kind, method, params: objectOf(args) } : { kind, params: objectOf(args) }
    case 'sampling.result':
    case 'elicitation.result':
      return { kind, result }
    case 'error':
      return { kind, method, ...(test.tool !== undefined && { tool }), error: result }
    case 'other':
      return { kind, method, phase: 'request', value: args }
    default:
      return kind satisfies never
  }
}

function payloadOf(body: Body): Json {
  if ('args' in body && body.kind !== 'tool.result') return body.args
  return 'result' in body ? body.result : {}
}

function objectOf(value: unknown): JsonObject {
  const json = jsonOf(value ?? {})
  return isObject(json) ? json : {}
}

function jsonOf(value: unknown): Json {
  const text = JSON.stringify(value)
  return text === undefined ? null : JSON.parse(text)
}
