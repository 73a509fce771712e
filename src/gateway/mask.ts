import type { SessionId } from '../core/brand.ts'
import type { Edit, Finding } from '../core/finding.ts'
import { globOf } from '../core/glob.ts'
import type { MaskMark, Scene } from '../core/guard.ts'
import { isObject, type Json, type JsonObject, valueAt } from '../core/json.ts'
import type { Message } from '../core/message.ts'
import type { Decision, Mask } from '../core/verdict.ts'
import { fitCuts } from '../guards/cut.ts'
import { leavesOf } from '../text/leaves.ts'
import { type Frame, frameOf } from '../wire/envelope.ts'
import { splice } from '../wire/splice.ts'
import { type MaskVault, placeholderPattern } from './mask-vault.ts'

/** Whose placeholders, and when. */
export type Within = { readonly vault: MaskVault; readonly session: SessionId; readonly nowMs: number }

/** The placeholders that a client's message holds, and whether each still stands for a value of this session. */
export function maskMarks(message: Message, bytes: Uint8Array, { vault, session, nowMs }: Within): readonly MaskMark[] {
  if (message.from !== 'client' || !mayHold(bytes)) return []
  const marks: MaskMark[] = []
  for (const { at, text, isKey } of leavesOf(message).leaves)
    for (const { 0: placeholder, index } of text.matchAll(placeholderPattern)) {
      if (marks.length >= marksMax) return marks
      const rule = vault.reveal(session, placeholder, nowMs)?.rule
      const span = [index, index + placeholder.length] as const
      marks.push({ at, ...(isKey ? {} : { span }), ...(rule === undefined ? {} : { rule }) })
    }
  return marks
}

/** What was spelled with escapes turns back as well: only bytes without either need no look at what they mean. */
function mayHold({ buffer, byteOffset, byteLength }: Uint8Array): boolean {
  const bytes = Buffer.from(buffer, byteOffset, byteLength)
  return bytes.includes('masked_') || bytes.includes('\\u')
}

const marksMax = 1000

type Judged = { readonly message: Message; readonly scene: Scene; readonly frame: Frame }

/** The decision with a placeholder in each edit that policy wants to be reversible; where none can stand, the cut stays. */
export function withMasks(decision: Decision, judged: Judged, within: Within): Decision {
  const { verdict, masks = [] } = decision
  if (masks.length === 0 || !('edits' in verdict)) return decision
  const changed = new Map<string, Edit>()
  // A value that is spread over several places cannot come back from one of them.
  const spread = new Set(masks.filter(({ edit }) => 'put' in edit && edit.put === '').map(({ rule }) => rule))
  for (const { edit, rule } of masks) {
    const put = spread.has(rule) ? undefined : placeholderFor({ edit, rule }, judged, within)
    if (put !== undefined && 'put' in edit) changed.set(JSON.stringify(edit), { ...edit, put })
  }
  const edits = verdict.edits.map(edit => changed.get(JSON.stringify(edit)) ?? edit)
  return fits(edits, judged) ? { ...decision, verdict: { ...verdict, edits } } : decision
}

function placeholderFor({ edit, rule }: Mask, { frame }: Judged, within: Within): string | undefined {
  // Where already the notice had to give way to the output schema, a placeholder would not be accepted either.
  if (!('put' in edit) || !edit.put.startsWith('[redacted')) return undefined
  const value = valueAt(payloadOf(frame), edit.at)
  if (typeof value !== 'string') return undefined
  const text = value.slice(edit.from, edit.to)
  return within.vault.mask(within.session, { rule, text }, within.nowMs)
}

function payloadOf({ envelope }: Frame): Json {
  if (envelope.kind === 'result') return { result: envelope.result }
  if (envelope.kind === 'error') return { error: { ...envelope.error } }
  return { params: envelope.params }
}

function fits(edits: readonly Edit[], { message, scene }: Judged): boolean {
  const finding: Finding = {
    rule: 'masking/fit',
    severity: 'info',
    confidence: 'certain',
    at: '',
    facts: {},
    fix: edits,
  }
  return fitCuts([finding], message, scene)[0] === finding
}

/** The request as its server shall have it: with the values back that policy lets go there. */
export function unmasked(frame: Frame, { unmask = [] }: Decision, within: Within): Frame {
  const { envelope, bytes } = frame
  if (unmask.length === 0 || envelope.kind !== 'request') return frame
  const patterns = unmask.map(globOf)
  const { arguments: args } = envelope.params
  if (args === undefined) return frame
  const put = restored(args, placeholder => {
    const value = within.vault.reveal(within.session, placeholder, within.nowMs)
    return value !== undefined && patterns.some(fits => fits(value.rule)) ? value.text : undefined
  })
  if (put === args) return frame
  const shown = { ...envelope, params: { ...envelope.params, arguments: put } }
  return {
    ...frame,
    envelope: shown,
    bytes: splice(bytes, [{ path: ['params', 'arguments'], put }]) ?? frameOf(shown).bytes,
  }
}

type Reveal = (placeholder: string) => string | undefined

/** The same value where nothing turned back. Names of members stay: a value is no name. */
function restored(value: Json, reveal: Reveal): Json {
  if (typeof value === 'string')
    return value.includes('masked_') ? value.replaceAll(placeholderPattern, found => reveal(found) ?? found) : value
  if (value === null || typeof value !== 'object') return value
  if (!isObject(value)) {
    const items = value.map(item => restored(item, reveal))
    return items.some((item, i) => item !== value[i]) ? items : value
  }
  return restoredMembers(value, reveal)
}

function restoredMembers(object: JsonObject, reveal: Reveal): JsonObject {
  const members = Object.entries(object).map(
    ([key, value]) => [key, value === undefined ? value : restored(value, reveal)] as const,
  )
  // Not by assignment: a member named `__proto__` must stay a member.
  return members.some(([key, value]) => value !== object[key]) ? Object.fromEntries(members) : object
}
