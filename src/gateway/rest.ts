import { randomUUID } from 'node:crypto'
import type { ServerName, SessionId } from '../core/brand.ts'
import type { Edit } from '../core/finding.ts'
import { isObject, type Json } from '../core/json.ts'
import type { Message } from '../core/message.ts'
import type { Decision } from '../core/verdict.ts'
import { resultTexts } from '../text/result-text.ts'
import { editedFrame, type Frame, frameOf } from '../wire/envelope.ts'

/** What was cut off an answer, kept for a while so that it can be read in pages. */
export type Rest = {
  readonly server: ServerName
  readonly tool: string
  /** Of the call: a rule about its answer may ask for them. */
  readonly args: Json
  readonly text: string
  readonly pageChars: number
}

/** Rests of all sessions; a session only ever finds its own. */
export type RestStore = {
  /** Keeps a rest and gives the id that it can be asked for under; undefined when it is too long to keep. */
  keep(session: SessionId, rest: Rest, nowMs: number): string | undefined
  find(session: SessionId, id: string, nowMs: number): Rest | undefined
}

export const restLimits = { perSession: 16, chars: 32 * 1024 * 1024, oneChars: 8 * 1024 * 1024, lifeMs: 900_000 }

type Kept = { readonly session: SessionId; readonly rest: Rest; readonly untilMs: number }

export function newRestStore(limits: typeof restLimits = restLimits): RestStore {
  // In order of age, so that the first is the one to go.
  const kept = new Map<string, Kept>()
  let chars = 0
  const drop = (id: string): void => {
    chars -= charsOf(kept.get(id)?.rest)
    kept.delete(id)
  }
  const sweep = (nowMs: number, session: SessionId): void => {
    for (const [id, { untilMs }] of kept) if (untilMs <= nowMs) drop(id)
    const own = [...kept].filter(([, one]) => one.session === session)
    for (const [id] of own.slice(0, Math.max(0, own.length - limits.perSession))) drop(id)
    for (const id of kept.keys()) {
      if (chars <= limits.chars) return
      drop(id)
    }
  }
  return {
    keep(session, rest, nowMs) {
      if (charsOf(rest) > limits.oneChars) return undefined
      const id = randomUUID()
      kept.set(id, { session, rest, untilMs: nowMs + limits.lifeMs })
      chars += charsOf(rest)
      sweep(nowMs, session)
      return id
    },
    find(session, id, nowMs) {
      const one = kept.get(id)
      return one !== undefined && one.session === session && one.untilMs > nowMs ? one.rest : undefined
    },
  }
}

function charsOf(rest: Rest | undefined): number {
  if (rest === undefined) return 0
  return rest.text.length + (rest.args === null ? 0 : JSON.stringify(rest.args).length)
}

/** Where a rest is read; page 1 is the answer itself. */
export function restUri(id: string, page: number): string {
  return `sallyport://rest/${id}?page=${page}`
}

export function readRestUri(uri: unknown): { readonly id: string; readonly page: number } | undefined {
  const [, id, page] = /^sallyport:\/\/rest\/([0-9a-f-]{36})\?page=([1-9]\d{0,6})$/u.exec(String(uri)) ?? []
  return id === undefined ? undefined : { id, page: Number(page) }
}

/** One page of a rest, and how many there are with the answer itself; undefined beyond the last. */
export function pageOf({ text, pageChars }: Rest, page: number): { text: string; pages: number } | undefined {
  const pages = 1 + Math.ceil(text.length / pageChars)
  if (page < 2 || page > pages) return undefined
  const from = wholeAt(text, (page - 2) * pageChars)
  return { text: text.slice(from, wholeAt(text, from === text.length ? from : (page - 1) * pageChars)), pages }
}

// A page never begins or ends inside a surrogate pair.
function wholeAt(text: string, at: number): number {
  const last = text.charCodeAt(at - 1)
  return at < text.length && last >= 0xd800 && last < 0xdc00 ? at - 1 : at
}

/** Pages are not shorter than this, however little an answer may hold. */
const pageCharsMin = 200

/**
 * What guards cut off only because it was too much: the answer as it came, without what was shown and without everything
 * else that was cut out of it. Undefined when nothing was cut off for its length.
 */
export function restOf({ message, decision }: Judged, frame: Frame): Rest | undefined {
  const finding = decision.findings.find(({ rule }) => rule === 'truncation/text')
  const { body } = message
  if (finding?.fix === undefined || body.kind !== 'tool.result' || !('edits' in decision.verdict)) return undefined
  const own = new Set(finding.fix.map(edit => JSON.stringify(edit)))
  const others = decision.verdict.edits.filter(edit => !own.has(JSON.stringify(edit)))
  // A policy that set the cut aside left the answer whole: there is no rest.
  if (others.length === decision.verdict.edits.length) return undefined
  const { envelope } = editedFrame(frame, [...others, ...shownIn(resultTexts(message), finding.fix)])
  const result = envelope.kind === 'result' && isObject(envelope.result) ? envelope.result : {}
  const left = resultTexts({ ...message, payload: result, body: { ...body, result } })
  const text = left.map(one => one.text).join('\n')
  const pageChars = Math.max(pageCharsMin, Number(finding.facts['kept']) || 0)
  return text === '' ? undefined : { server: message.server, tool: body.tool, args: body.args, text, pageChars }
}

type Judged = { readonly message: Message; readonly decision: Decision }

/** The opposite of the cut: takes away what the reader has seen. */
function shownIn(texts: ReturnType<typeof resultTexts>, cut: readonly Edit[]): Edit[] {
  const [first] = cut
  const edits: Edit[] = []
  for (const { at, item } of texts) {
    if (first !== undefined && 'put' in first && at === first.at) {
      edits.push({ at, from: 0, to: first.from, put: '' })
      return edits
    }
    edits.push({ at: item, remove: true })
  }
  return edits
}

/** The answer with a last item that says where the rest is. */
export function withNotice(frame: Frame, how: string): Frame {
  const { envelope } = frame
  if (envelope.kind !== 'result' || !isObject(envelope.result)) return frame
  const content = envelope.result['content']
  const items: readonly Json[] = Array.isArray(content) ? content : []
  const result = { ...envelope.result, content: [...items, { type: 'text', text: `[Sallyport: ${how}]` }] }
  return { ...frameOf({ ...envelope, result }), ...(frame.event === undefined ? {} : { event: frame.event }) }
}
