import type { ServerName, Tenant } from '../core/brand.ts'
import type { Edit, Finding } from '../core/finding.ts'
import type { Scene, ServerTraits } from '../core/guard.ts'
import type { Json, JsonPointer } from '../core/json.ts'
import { type Body, type Era, type Message, toolIn } from '../core/message.ts'
import type { PinPort, PinSubject } from '../core/pin.ts'
import { type Inspection, inspect, type Pipeline } from '../core/pipeline.ts'
import type { ApprovalPort } from '../core/port.ts'
import type { Session } from '../core/session.ts'
import type { Decision } from '../core/verdict.ts'
import { editedFrame, type Frame } from '../wire/envelope.ts'
import type { Catalog } from './catalog.ts'
import { maskMarks, unmasked, type Within, withMasks } from './mask.ts'
import type { MaskVault } from './mask-vault.ts'
import { isForModel, type ModelSeat } from './model-kinds.ts'
import { type Refusal, refusalOf } from './refusal.ts'
import type { RestStore } from './rest.ts'
import type { TaskRegister } from './task-register.ts'
import { treated } from './treat.ts'
import type { WithheldStore } from './withheld-store.ts'
import type { Work } from './work.ts'

/** One thing to be judged: a frame, what it means, and on whose behalf it travels. */
export type Matter = {
  readonly frame: Frame
  readonly body: Body
  readonly root: JsonPointer
  readonly payload: Json
  readonly from: 'client' | 'server'
  readonly server: ServerName
  readonly era: Era
  readonly work: Work
  /** Aborts when the client gave up: an answer that comes later must not let anything run. */
  readonly signal?: AbortSignal
  /** It asks after a task that another principal started. */
  readonly isForeignTask?: true
  /** For answers: when the request went out. */
  readonly sinceMs?: number
}

export type Ruling = { readonly message: Message; readonly decision: Decision } & (
  | { readonly kind: 'pass'; readonly frame: Frame }
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
)

/** The rules in force. A reload builds a new value; a message is judged by one value from start to end. */
export type Rules = {
  readonly pipeline: Pipeline
  decide(message: Message, view: { findings: readonly Finding[]; scene: Scene }): Decision
  traitsOf(server: ServerName): ServerTraits
  /** Who a server is to the pins. */
  pinSubjectOf(server: ServerName): PinSubject
  /** When a call that started then and last showed progress then must be over, in milliseconds since the epoch. */
  deadlineMs(what: { server: ServerName; tool: string }, startedMs: number, progressMs: number): number
}

export type Desk = {
  readonly tenant: Tenant
  readonly catalog: Catalog
  readonly approval: ApprovalPort
  /** What guards remember beyond one session; bounded by its holder. */
  readonly shared: SharedMemory
  /** Which call started which task. */
  readonly tasks: TaskRegister
  /** What was approved of each server. */
  readonly pins: PinPort
  rules(): Rules
  /** Writes the record; if it throws or rejects, nothing passes. */
  record(ruling: Ruling, matter: Matter): void | Promise<void>
  /** Heavy guards on a long message, off the main thread. */
  inspectFar(message: Message, scene: Scene): Promise<Inspection>
  /** What was cut off answers for their length; where there is none, it is gone. */
  readonly rests?: RestStore
  /** What placeholders stand for; where there is none, masked values are cut. */
  readonly masks?: MaskVault
  /** Whether one server is all that clients are shown; undefined where that is not known. */
  isAlone?(): boolean
  /** A larger model that reads along; undefined where none is configured. */
  model?(): ModelSeat | undefined
  /** Where answers wait that policy withholds; where there is none, they are gone. */
  readonly withheld?: WithheldStore
  newId(): string
  now(): number
}

export type SharedMemory = {
  readonly values: ReadonlyMap<string, Json>
  absorb(changed: Readonly<Record<string, Json>>): void
}

/** From here on the heavy guards run elsewhere, so that other sessions' messages do not wait. */
const farBytes = 64 * 1024

/** Guards find, policy decides, a person is asked where it says so, and the record is written before anything moves. */
export function judge(desk: Desk, matter: Matter): Ruling | Promise<Ruling> {
  const rules = desk.rules()
  const session = matter.work.session()
  const message = messageOf(desk, matter, session)
  const within = maskWithin(desk, message)
  const masks = within === undefined ? [] : maskMarks(message, matter.frame.bytes, within)
  const { isForeignTask } = matter
  const seen = sceneOf(desk, rules, { message, session, isForeignTask })
  const scene = { ...seen, ...(masks.length === 0 ? {} : { masks }) }
  const isFar = matter.frame.bytes.byteLength >= farBytes
  if (isFar || (desk.model?.() !== undefined && isForModel(message)))
    return judgeFar(desk, matter, { rules, message, scene })
  return settle(desk, matter, {
    rules,
    message,
    scene,
    seen: inspect(rules.pipeline, message, { scene, share: 'all' }),
  })
}

type Case = { readonly rules: Rules; readonly message: Message; readonly scene: Scene }

async function judgeFar(desk: Desk, matter: Matter, the: Case): Promise<Ruling> {
  const far = await readElsewhere(desk, matter, the)
  // The session and the pins may have moved on meanwhile: the guards with memory run now, on what they are now.
  const pins = desk.pins.look(the.rules.pinSubjectOf(the.message.server), the.message)
  const scene = { ...the.scene, session: matter.work.session(), pins }
  const near = inspect(the.rules.pipeline, the.message, { scene, share: 'light' })
  const seen = { findings: [...near.findings, ...far], memory: near.memory, shared: near.shared }
  return settle(desk, matter, { ...the, scene, seen })
}

/** What takes time: the heavy guards, on a thread of their own where the message is long, and the larger model. */
async function readElsewhere(desk: Desk, { frame }: Matter, { rules, message, scene }: Case): Promise<Finding[]> {
  const isFar = frame.bytes.byteLength >= farBytes
  const seen = isFar
    ? await desk.inspectFar(message, scene)
    : inspect(rules.pipeline, message, { scene, share: 'heavy' })
  const said = await desk.model?.()?.ask(message, scene, seen.findings)
  return [...seen.findings, ...(said ?? [])]
}

function settle(desk: Desk, matter: Matter, the: Case & { seen: Inspection }): Ruling | Promise<Ruling> {
  const { memory, shared } = the.seen
  const findings = keepPins(desk, the, the.seen.findings)
  matter.work.absorb(memory, [])
  desk.shared.absorb(shared)
  // Policy reads labels from the findings itself; what it set aside must not stain the session afterwards.
  const decided = decideOn(desk, the, findings)
  const within = maskWithin(desk, the.message)
  const decision = within === undefined ? decided : withMasks(decided, { ...the, frame: matter.frame }, within)
  matter.work.absorb({}, labelsOf(the.message, decision))
  if (decision.verdict.kind === 'ask') return ask(desk, matter, { message: the.message, decision })
  return recorded(desk, matter, treatedRuling(desk, rulingOf(matter, the.message, decision), false))
}

/** What a person accepted stands aside, like what a rule waives. */
function decideOn({ pins }: Desk, { rules, message, scene }: Case, findings: readonly Finding[]): Decision {
  const known = new Set(pins.accepted(rules.pinSubjectOf(message.server), message, findings))
  if (known.size === 0) return rules.decide(message, { findings, scene })
  const decided = rules.decide(message, { findings: findings.filter(finding => !known.has(finding)), scene })
  return { ...decided, waived: [...(decided.waived ?? []), ...known] }
}

/** What an edit takes out, whatever it puts there. */
function placeOf(edit: Edit): string {
  return 'put' in edit ? `${edit.from} ${edit.to} ${edit.at}` : JSON.stringify(edit)
}

/** Notes what a server offers, with what guards found in it. What cannot be noted counts as a guard that broke. */
function keepPins({ pins }: Desk, { rules, message }: Case, findings: readonly Finding[]): readonly Finding[] {
  try {
    pins.keep(rules.pinSubjectOf(message.server), message, findings)
    return findings
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : typeof cause
    const facts = { guard: 'pins', cause: name }
    return [...findings, { rule: 'guard/failed', severity: 'critical', confidence: 'certain', at: '', facts }]
  }
}

function maskWithin({ masks }: Desk, { session, atMs }: Message): Within | undefined {
  return masks === undefined ? undefined : { vault: masks, session, nowMs: atMs }
}

/** What a message leaves on its session. Data that was cut out of an answer never came into anybody's hands. */
function labelsOf({ from, body }: Message, { findings, verdict }: Decision): string[] {
  if (findings.length === 0) return []
  const edits = from === 'server' && verdict.kind === 'rewrite' ? verdict.edits : []
  const done = new Set(edits.map(placeOf))
  const left = body.kind === 'server.surface' ? edits.flatMap(edit => ('remove' in edit ? [`${edit.at}/`] : [])) : []
  const isGone = ({ at, isGoneWithFix = false, fix = [] }: Finding): boolean =>
    left.some(place => `${at}/`.startsWith(place)) ||
    (isGoneWithFix && fix.length > 0 && fix.every(edit => done.has(placeOf(edit))))
  return findings.flatMap(finding => (isGone(finding) ? [] : (finding.labels ?? [])))
}

function recorded(desk: Desk, matter: Matter, ruling: Ruling): Ruling | Promise<Ruling> {
  try {
    const done = desk.record(ruling, matter)
    return done === undefined
      ? ruling
      : done.then(
          () => ruling,
          () => unrecorded(ruling),
        )
  } catch {
    return unrecorded(ruling)
  }
}

function unrecorded({ message, decision }: Ruling): Ruling {
  const text =
    'Sallyport cannot write its audit log, so nothing passes. Free disk space or fix the audit folder; calls resume by themselves.'
  return {
    kind: 'refuse',
    message,
    decision,
    refusal: { code: 'unavailable', text, details: { id: message.id, audit: false } },
  }
}

async function ask(desk: Desk, matter: Matter, the: { message: Message; decision: Decision }): Promise<Ruling> {
  const { message, decision } = the
  const refused: Ruling = { kind: 'refuse', message, decision, refusal: refusalOf(message, decision) }
  const signal = matter.signal ?? new AbortController().signal
  const answer = await desk.approval.ask({ message, decision }, signal).catch(() => undefined)
  const isYes = answer?.kind === 'yes' && !signal.aborted
  if (!isYes) return recorded(desk, matter, refused)
  const edits = decision.verdict.kind === 'ask' ? decision.verdict.edits : []
  const approved: Decision = {
    ...decision,
    verdict: edits.length === 0 ? { kind: 'allow' } : { kind: 'rewrite', edits },
  }
  return recorded(desk, matter, treatedRuling(desk, rulingOf(matter, message, approved), true))
}

/** The ruling as it goes out; the record was made of what was judged. */
function treatedRuling(desk: Desk, ruling: Ruling, isApproved: boolean): Ruling {
  if (ruling.kind !== 'pass') return ruling
  const within = maskWithin(desk, ruling.message)
  if (ruling.message.from === 'client')
    return within === undefined ? ruling : { ...ruling, frame: unmasked(ruling.frame, ruling.decision, within) }
  const traits = desk.rules().traitsOf(ruling.message.server)
  const done = treated(ruling, { traits, withheld: desk.withheld, isApproved })
  if ('frame' in done) return { ...ruling, frame: done.frame }
  const { message, decision } = ruling
  return { kind: 'refuse', message, decision, refusal: done.refusal }
}

function rulingOf({ frame }: Matter, message: Message, decision: Decision): Ruling {
  switch (decision.verdict.kind) {
    case 'allow':
      return { kind: 'pass', message, decision, frame }
    case 'rewrite':
      return { kind: 'pass', message, decision, frame: edited(frame, decision.verdict.edits) }
    case 'ask':
    case 'block':
      return { kind: 'refuse', message, decision, refusal: refusalOf(message, decision) }
    default:
      return decision.verdict satisfies never
  }
}

// Without edits the bytes stay the ones that came.
function edited(frame: Frame, edits: readonly Edit[]): Frame {
  return edits.length === 0 ? frame : editedFrame(frame, edits)
}

function messageOf(desk: Desk, matter: Matter, { id: session, principal }: Session): Message {
  return {
    id: desk.newId(),
    tenant: desk.tenant,
    principal,
    session,
    server: matter.server,
    era: matter.era,
    from: matter.from,
    atMs: desk.now(),
    bytes: matter.frame.bytes.byteLength,
    root: matter.root,
    payload: matter.payload,
    body: matter.body,
  }
}

type Seen = { readonly message: Message; readonly session: Session; readonly isForeignTask: true | undefined }

function sceneOf(desk: Desk, rules: Rules, { message, session, isForeignTask }: Seen): Scene {
  const { body, server, principal } = message
  const name = toolIn(body)
  const tool = name === undefined ? undefined : desk.catalog.offerOf({ server, principal }).tools.get(name)
  return {
    session,
    tools: desk.catalog.toolsOf(principal),
    server: rules.traitsOf(server),
    shared: desk.shared.values,
    pins: desk.pins.look(rules.pinSubjectOf(server), message),
    ...(tool === undefined ? {} : { tool }),
    ...(isForeignTask === undefined ? {} : { isForeignTask }),
  }
}
