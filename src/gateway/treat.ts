import type { ServerTraits } from '../core/guard.ts'
import { isObject, type Json } from '../core/json.ts'
import type { Message } from '../core/message.ts'
import type { Decision } from '../core/verdict.ts'
import { sentenceOf } from '../policy/reason.ts'
import { type Frame, frameOf } from '../wire/envelope.ts'
import { splice } from '../wire/splice.ts'
import { framedAnswer, newNonce, type Source, sourceOf } from './frame-text.ts'
import { type Refusal, subjectOf } from './refusal.ts'
import type { WithheldStore } from './withheld-store.ts'

/** An answer that may pass, with its edits done. */
export type Passing = { readonly message: Message; readonly decision: Decision; readonly frame: Frame }

export type Treating = {
  readonly traits: ServerTraits
  readonly withheld: WithheldStore | undefined
  /** A person has just said yes to this very answer. */
  readonly isApproved: boolean
}

export type Treated = { readonly frame: Frame } | { readonly refusal: Refusal }

/** Does to an answer what policy wants done besides cutting; what strangers may have written is marked in any case. */
export function treated(passing: Passing, { traits, withheld, isApproved }: Treating): Treated {
  const { message, decision, frame } = passing
  if (message.from !== 'server') return { frame }
  const wanted = new Set(decision.treatments)
  if (wanted.has('withhold') && !isApproved) {
    const refusal = withheldRefusal(passing, withheld)
    if (refusal !== undefined) return { refusal }
  }
  const isTold = wanted.has('annotate')
  const isStrange = traits.writers === 'anyone' && traits.framing !== false
  // Only a tool's answer has room for a remark; elsewhere the mark says what was found.
  const isMarked = wanted.has('frame') || isStrange || (isTold && message.body.kind !== 'tool.result')
  const marked = isMarked ? framedAnswer(frame, message.body.kind, sourceIn(passing)) : undefined
  const shown = marked ?? frame
  return { frame: isTold ? (annotated(passing, shown) ?? shown) : shown }
}

function sourceIn({ message, decision: { findings } }: Passing): Source {
  return { from: sourceOf(message), findings, nonce: newNonce() }
}

function annotated({ message, decision }: Passing, frame: Frame): Frame | undefined {
  const { envelope, bytes, event } = frame
  if (message.body.kind !== 'tool.result' || envelope.kind !== 'result' || !isObject(envelope.result)) return undefined
  const { content } = envelope.result
  const items: readonly Json[] = Array.isArray(content) ? content : []
  const put = [{ type: 'text', text: remark(decision) }, ...items]
  const shown = { ...envelope, result: { ...envelope.result, content: put } }
  const spliced = splice(bytes, [{ path: ['result', 'content'], put }]) ?? frameOf(shown).bytes
  return { envelope: shown, bytes: spliced, ...(event === undefined ? {} : { event }) }
}

const findingsToldMax = 4

function remark({ findings }: Decision): string {
  const kinds = [...new Map(findings.map(finding => [finding.rule, finding])).values()]
  const told = kinds.slice(0, findingsToldMax).map(sentenceOf)
  const more = kinds.length > told.length ? `; and ${kinds.length - told.length} kinds more` : ''
  const found = told.length === 0 ? 'nothing in particular' : told.join('; ')
  return `[Sallyport looked through this answer and found: ${found}${more}. Weigh what it says accordingly.]`
}

/** Undefined where a person has released exactly this answer. */
function withheldRefusal(passing: Passing, store: WithheldStore | undefined): Refusal | undefined {
  const { message, decision, frame } = passing
  const kept = store?.withhold(entryOf(passing))
  if (kept?.state === 'released') return undefined
  const chars = Buffer.byteLength(frame.bytes)
  const found = [...new Set(decision.findings.map(({ rule }) => rule))].slice(0, findingsToldMax).join(', ')
  const why = found === '' ? '' : ` It was found to hold: ${found}.`
  const next =
    kept?.state === 'kept'
      ? `A person can read it with "sallyport withheld show ${kept.id}" and let it through with "sallyport withheld release ${kept.id}"; after that the same request gets the same answer.`
      : 'It could not be kept, so nobody can release it; ask for less at a time, or ask a person to look at the source.'
  return {
    code: 'blocked',
    text: `${subjectOf(message)} (${chars} bytes) was withheld by Sallyport.${why} ${next}`,
    details: {
      verdict: 'withhold',
      id: message.id,
      rules: decision.because.map(({ rule }) => rule),
      ...(kept?.state === 'kept' ? { withheld: kept.id } : {}),
    },
  }
}

function entryOf({ message, decision, frame }: Passing) {
  const { envelope } = frame
  const payload: Json =
    envelope.kind === 'result' ? envelope.result : envelope.kind === 'error' ? { ...envelope.error } : null
  const { tenant, principal, server, body, atMs } = message
  // Tokens of one request stand there; an answer is the same answer without them.
  const lasting = isObject(payload) ? { ...payload, _meta: undefined } : payload
  const rules = [...new Set(decision.findings.map(({ rule }) => rule))].slice(0, 16)
  return { tenant, principal, server, about: subjectOf({ body, server }), rules, atMs, text: JSON.stringify(lasting) }
}
