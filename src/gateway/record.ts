import { redactJson, redactText } from '../audit/redact.ts'
import { redactName } from '../audit/redact-name.ts'
import { type Finding, severities } from '../core/finding.ts'
import { type Body, toolIn } from '../core/message.ts'
import type { AuditDetails, AuditEvent, AuditKind, AuditValue } from '../core/port.ts'
import type { Decision } from '../core/verdict.ts'
import type { Matter, Ruling } from './judge.ts'

/** The record of one ruling, or nothing for chatter in which nothing was found: progress, log lines, pings. */
export function recordOf(ruling: Ruling, matter: Matter): AuditEvent | undefined {
  const { message, decision } = ruling
  const kind = kindOf(message.body, decision)
  if (kind === undefined) return undefined
  return {
    kind,
    atMs: message.atMs,
    tenant: message.tenant,
    session: message.session,
    principal: message.principal,
    server: message.server,
    message: message.id,
    severity: worst(decision.findings),
    details: { ...aboutBody(message.body), ...aboutDecision(ruling), ...aboutTravel(matter, message.atMs) },
  }
}

function kindOf(body: Body, { verdict, findings }: Decision): AuditKind | undefined {
  switch (body.kind) {
    case 'tool.call':
    case 'tool.waiting':
    case 'resource.read':
    case 'prompt.get':
    case 'sampling.request':
    case 'elicitation.request':
      return 'call'
    case 'tool.result':
    case 'resource.content':
    case 'prompt.result':
    case 'sampling.result':
    case 'elicitation.result':
    case 'error':
      return 'result'
    case 'server.surface':
    case 'server.declared':
      return 'surface'
    case 'notification':
      return verdict.kind === 'allow' && findings.length === 0 ? undefined : 'call'
    case 'other':
      if (verdict.kind === 'allow' && findings.length === 0 && quiet.has(body.method)) return undefined
      return body.phase === 'request' ? 'call' : 'result'
    default:
      return body satisfies never
  }
}

/** Requests that ask for nothing and change nothing. */
const quiet = new Set([
  'ping',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'initialize',
  'server/discover',
])

function aboutBody(body: Body): AuditDetails {
  const type = redactName(body.kind)
  switch (body.kind) {
    case 'tool.call':
      return { type, tool: redactName(body.tool), args: redactJson(body.args) }
    case 'tool.waiting':
      return { type, tool: redactName(body.tool) }
    case 'tool.result':
      return { type, tool: redactName(body.tool), isError: body.result['isError'] === true }
    case 'resource.read':
    case 'resource.content':
      return { type, uri: redactText(body.uri) }
    case 'prompt.get':
      return { type, prompt: redactName(body.prompt), args: redactJson(body.args) }
    case 'prompt.result':
      return { type, prompt: redactName(body.prompt) }
    case 'server.surface':
      return { type, part: redactName(body.part), items: body.items.length }
    case 'error':
      return { type, method: redactName(body.method), code: Number(body.error['code'] ?? 0) }
    case 'other':
      return { type, method: redactName(body.method), ...aboutTool(toolIn(body)) }
    case 'notification':
      return { type, method: redactName(body.method) }
    case 'server.declared':
    case 'sampling.request':
    case 'sampling.result':
    case 'elicitation.request':
    case 'elicitation.result':
      return { type }
    default:
      return body satisfies never
  }
}

function aboutTool(tool: string | undefined): AuditDetails {
  return tool === undefined || tool === '' ? {} : { tool: redactName(tool) }
}

function aboutDecision(ruling: Ruling): AuditDetails {
  const { decision, kind } = ruling
  const { verdict, because, findings, wouldBe, treatments = [] } = decision
  const withheld = ruling.kind === 'refuse' ? ruling.refusal.details['withheld'] : undefined
  return {
    verdict: redactName(verdict.kind),
    passed: kind === 'pass',
    ...(wouldBe === undefined ? {} : { wouldBe: redactName(wouldBe) }),
    ...(treatments.length === 0 ? {} : { treatments: treatments.map(one => redactText(one)) }),
    ...(typeof withheld === 'string' ? { withheld: redactText(withheld) } : {}),
    ...(because.length === 0 ? {} : { rules: because.map(({ rule }) => redactName(rule)) }),
    ...(findings.length === 0 ? {} : { findings: findings.slice(0, findingsMax).map(findingRecord) }),
  }
}

/** More findings than this about one message say nothing more. */
const findingsMax = 50

function findingRecord({ rule, severity, confidence, at, facts }: Finding): AuditValue {
  return {
    rule: redactName(rule),
    severity: redactName(severity),
    confidence: redactName(confidence),
    at: redactText(at),
    facts: redactJson(facts),
  }
}

function aboutTravel({ frame, sinceMs }: Matter, atMs: number): AuditDetails {
  const bytes = frame.bytes.byteLength
  return sinceMs === undefined ? { bytes } : { bytes, durationMs: atMs - sinceMs }
}

function worst(findings: readonly Finding[]): AuditEvent['severity'] {
  let rank = 0
  for (const { severity } of findings) rank = Math.max(rank, severities.indexOf(severity))
  return severities[rank] ?? 'info'
}
