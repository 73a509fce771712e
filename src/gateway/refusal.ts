import type { Json, JsonObject } from '../core/json.ts'
import type { Era, Message } from '../core/message.ts'
import type { Decision } from '../core/verdict.ts'
import { guards } from '../guards/index.ts'
import type { Frame, RequestId } from '../wire/envelope.ts'
import { frameOf } from '../wire/envelope.ts'

/** JSON-RPC codes, of our own but for the last: outside every range that JSON-RPC or MCP reserves. */
export const refusalCodes = {
  blocked: -31001,
  unanswered: -31002,
  timedOut: -31003,
  unavailable: -31004,
  busy: -31005,
  /** What JSON-RPC calls invalid params: no model chose it, so that no model is told. */
  malformed: -32602,
} as const
export type RefusalCode = keyof typeof refusalCodes

/** Under this key of `_meta` a client finds the decision as data. */
export const decisionKey = 'dev.sallyport/decision'

export type Refusal = {
  readonly code: RefusalCode
  /** What happened, why, and what to do; plain sentences for a model and the person behind it. */
  readonly text: string
  readonly details: JsonObject
}

/** The refusal that a decision calls for. Facts come from findings, which never hold a secret. */
export function refusalOf(message: Message, decision: Decision): Refusal {
  const isAsk = decision.verdict.kind === 'ask'
  const reasons = decision.because.filter(({ then }) => then === decision.verdict.kind)
  const why = sentence(
    reasons
      .map(({ text }) => text)
      .slice(0, 3)
      .join('; ') || 'no rule allows it',
  )
  const head = isAsk ? `${subjectOf(message)} needs a person's yes.` : `${subjectOf(message)} was blocked by Sallyport.`
  const next = isAsk
    ? 'Nobody could be asked, so the answer is no. A person can allow it in the policy and the same call can be tried again.'
    : `Do not try to get around this. A person can see why with: sallyport policy explain ${message.id}`
  return {
    code: isAsk ? 'unanswered' : 'blocked',
    text: [head, why, ...taught(message, reasons), next].join(' '),
    details: { verdict: decision.verdict.kind, id: message.id, rules: decision.because.map(({ rule }) => rule) },
  }
}

/** Why the first thing that was found matters, and how a person undoes the refusal where it is wrong. */
function taught({ body, server }: Message, reasons: Decision['because']): readonly string[] {
  const rule = reasons.find(({ rule }) => rule.startsWith('guard:'))?.rule.slice('guard:'.length)
  const lesson = guards.find(({ id }) => rule?.startsWith(`${id}/`) === true)?.lesson
  if (lesson === undefined) return []
  const waiver = `{ name: …, match: { server: ${server}, kind: ${body.kind} }, then: allow, waive: ${rule} }`
  return [lesson.why, `If this is wrong, a person can undo it: ${lesson.undo}, or with the policy rule ${waiver}.`]
}

function sentence(text: string): string {
  const ended = /[.!?]$/u.test(text) ? text : `${text}.`
  return ended.charAt(0).toUpperCase() + ended.slice(1)
}

/** What a message is, for people. */
export function subjectOf({ body, server }: Pick<Message, 'body' | 'server'>): string {
  switch (body.kind) {
    case 'tool.call':
      return `The call of ${body.tool} on ${server}`
    case 'tool.waiting':
      return `The wait for ${body.tool} on ${server}`
    case 'tool.result':
      return `The answer of ${body.tool} on ${server}`
    case 'resource.read':
    case 'resource.content':
      return `The resource ${body.uri.slice(0, 200)} on ${server}`
    case 'prompt.get':
    case 'prompt.result':
      return `The prompt ${body.prompt} on ${server}`
    case 'server.surface':
      return `What ${server} says of its ${body.part}`
    case 'other':
    case 'error':
    case 'notification':
      return `${body.method} on ${server}`
    case 'sampling.request':
    case 'sampling.result':
    case 'elicitation.request':
    case 'elicitation.result':
      return `The ${body.kind.split('.')[0]} of ${server}`
    case 'server.declared':
      return `The server ${server}`
    default:
      return body satisfies never
  }
}

/** How a refusal reaches the one who asked: a tool result that the model can read, else a JSON-RPC error. */
export function refusalFrame(refusal: Refusal, to: { id: RequestId; method: string; era: Era }): Frame {
  if (to.method !== 'tools/call' || refusal.code === 'malformed') {
    const error = { code: refusalCodes[refusal.code], message: refusal.text, data: { [decisionKey]: refusal.details } }
    return frameOf({ kind: 'error', id: to.id, error })
  }
  const result: Record<string, Json> = {
    content: [{ type: 'text', text: refusal.text }],
    isError: true,
    _meta: { [decisionKey]: refusal.details },
  }
  if (to.era === 'modern') result['resultType'] = 'complete'
  return frameOf({ kind: 'result', id: to.id, result })
}
