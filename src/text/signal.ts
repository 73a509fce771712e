import { type Confidence, type Severity, severities } from '../core/finding.ts'
import { isAimedOrder } from './aimed-order.ts'
import { isDeclaredEncoding } from './declared-encoding.ts'
import { withSense } from './heard-sense.ts'
import { descriptionModel, injectionModel } from './injection-model.ts'
import { type Asked, type LinearModel, type LinearScore, scoreText } from './linear.ts'
import type { RuleMatch } from './match.ts'
import { operatingPoints } from './operating-points.ts'
import { besideThose } from './overlap.ts'
import type { MessageReading, Scanned } from './reading.ts'
import { isSupposed } from './supposed.ts'
import { isBetweenPeople, isSpokenAbout, sentenceAround, turnsToAssistant, zoneAt } from './surroundings.ts'
import { isToldDeed } from './told-deed.ts'
import { ordersDeed } from './tool-order.ts'
import { channelsOf, originOf, type Span, type View } from './view.ts'

export type TextKind = keyof typeof operatingPoints

/** One reason to take a text for an injection: a rule, or the model at one of its operating points. */
export type Signal = {
  readonly id: string
  readonly says: string
  readonly severity: Severity
  readonly confidence: Confidence
  readonly standards: readonly string[]
  readonly view: View
  readonly span: Span
  /** The sentence or part that would have to go. */
  readonly cut: Span
  readonly facts: Readonly<Record<string, string | number>>
  /** Too weak to be told by itself: it counts where the session bears it out. */
  readonly isFaint?: true
}

export type Signals = { readonly signals: readonly Signal[] }

/** Whether signals are wanted that are too weak to be told by themselves. */
export type Wanted = { readonly isFaintTold?: boolean }

/** The model's strongest score in the views of one text, whether or not it reaches a point. */
export function scoreIn(reading: Reading, kind: TextKind): number {
  const scores = modelViews(reading).map(({ view, scan }) => {
    const floor = kind === 'response' ? operatingPoints.response.faint : Number.POSITIVE_INFINITY
    const [strongest] = heardIn({ view, scan }, kind, { floor })
    return strongest?.score ?? Number.NEGATIVE_INFINITY
  })
  return Math.max(...scores)
}

type Reading = Pick<MessageReading, 'raw' | 'scanned'>

/** The text as it came is left out where another was made plain of it: what it says is in that one. */
function modelViews({ raw, scanned }: Reading): readonly Scanned[] {
  return scanned[0]?.view === raw ? scanned : scanned.filter(({ view }) => view !== raw)
}

function modelOf(kind: TextKind): LinearModel {
  return kind === 'description' ? descriptionModel() : injectionModel()
}

/** What rules and model find in the views of one text, weighed by where it stands and how it is said. */
export function signalsIn(reading: Reading, kind: TextKind, wanted: Wanted = {}): Signals {
  const heard: Heard[] = []
  const ofModel = new Set(modelViews(reading))
  for (const scanned of reading.scanned) {
    for (const match of scanned.scan.matches) addRule(heard, { reading, scanned, kind }, match)
    if (ofModel.has(scanned)) addScores(heard, { reading, scanned, kind }, wanted)
  }
  return { signals: distinct(weighed(heard)) }
}

/** A signal, or what may be a faint one: where it stands is looked at only if that matters. */
type Heard = Signal | Faint
type Faint = { readonly view: View; readonly cut: Span; readonly weighed: () => Signal | undefined }

/**
 * A faint part that orders no deed is never borne out by a session: it matters only to what it is taken together with.
 * Many texts hold some, and to weigh one costs more than to read a kilobyte.
 */
function weighed(heard: readonly Heard[]): readonly Signal[] {
  const origins = heard.map(({ view, cut }) => originOf(view, cut))
  const isMeant = heard.map(each => !isUnweighed(each) || ordersDeed(each.view.text.slice(...each.cut)))
  const matters = besideThose(origins, isMeant)
  return heard.flatMap((each, i) =>
    isUnweighed(each) ? ((matters[i] === true ? each.weighed() : undefined) ?? []) : each,
  )
}

function isUnweighed(heard: Heard): heard is Faint {
  return 'weighed' in heard
}

type Place = {
  readonly reading: Reading
  readonly scanned: Scanned
  readonly kind: TextKind
}

function addRule(heard: Heard[], place: Place, { rule, span }: RuleMatch): void {
  if (rule.only !== undefined && rule.only !== place.kind) return
  // Who says what happens "if you forget all other commands" orders nothing; what is only possible stays a question.
  const isLess =
    rule.confidence !== 'likely' || (rule.intent === 'override' && isSupposed(place.scanned.view.text, span))
  const weighed = weigh(place, span, isLess ? 1 : 2)
  if (weighed === undefined) return
  const { id, says, severity, standards } = rule
  const cut = sentenceAround(place.scanned.view.text, span)
  heard.push({ id, says, severity, standards, ...weighed, view: place.scanned.view, span, cut })
}

const modelStandards = ['OWASP-LLM01', 'OWASP-ASI01', 'ATLAS-AML.T0051.001']

function heardIn({ view, scan }: Scanned, kind: TextKind, asked: Omit<Asked, 'hits'>): readonly LinearScore[] {
  const parts = scoreText(modelOf(kind), view.text, { hits: scan.hits, ...asked })
  return kind === 'response' ? withSense(view.text, parts) : parts
}

function addScores(heard: Heard[], place: Place, { isFaintTold = false }: Wanted): void {
  const { view } = place.scanned
  const points = operatingPoints[place.kind]
  const floor = isFaintTold ? points.faint : Math.min(points.ask, points.aimed)
  // What is too weak for the linear model may be strong enough for both.
  const least = place.kind === 'response' ? points.faint : floor
  for (const part of heardIn(place.scanned, place.kind, { floor: least, isFloorFirm: true })) {
    if (part.score < floor) continue
    const cut = sentenceAround(view.text, part.span)
    const isFaint = part.score < points.ask && !(part.score >= points.aimed && isAimedOrder(view.text.slice(...cut)))
    if (isFaint && !isFaintTold) continue
    const toldOf = () => scoreSignal(place, { ...part, cut, isFaint })
    const told = isFaint ? { view, cut, weighed: toldOf } : toldOf()
    if (told !== undefined) heard.push(told)
  }
}

type Part = LinearScore & { readonly cut: Span; readonly isFaint: boolean }

function scoreSignal(place: Place, { score, span, cut, isFaint }: Part): Signal | undefined {
  const { view, scan } = place.scanned
  const points = operatingPoints[place.kind]
  // People ask each other for what attackers order; that words sound alike is no reason to stop their letters.
  const isSure = score >= points.turned && isSurelyOrder(place, { score, span, cut })
  const level = (isSure ? 2 : 1) - (isBetweenPeople(view.text, scan.hits, span) ? 1 : 0)
  const weighed = level < 1 ? undefined : weigh(place, span, level)
  if (weighed === undefined) return undefined
  return {
    id: 'model',
    says: 'speaks to an assistant rather than to a reader, as injections do',
    severity: 'high',
    confidence: weighed.confidence,
    facts: { ...weighed.facts, score: Math.round(score * 100) / 100 },
    standards: modelStandards,
    view,
    span,
    cut,
    ...(isFaint && { isFaint }),
  }
}

/** What somebody wanted to do, and what a guide teaches, is an order to nobody, unless much else says so. */
function isSurelyOrder({ kind, scanned: { view, scan } }: Place, { score, span, cut }: Omit<Part, 'isFaint'>): boolean {
  const { block } = operatingPoints[kind]
  const isTurned = turnsToAssistant(view.text, scan.hits, span)
  if (isTurned === score >= block) return isTurned
  return kind === 'description' || !isToldDeed(view.text.slice(...cut))
}

const quotingUnits = 40
const disguises = new Set(['encoded', 'rot13', 'reversed', 'letters'])

/** A hidden or disguised order has no innocent reading; one that is quoted in a text about attacks has. */
function weigh(
  { reading, scanned, kind }: Place,
  span: Span,
  level: number,
): Pick<Signal, 'confidence' | 'facts'> | undefined {
  const { view, scan } = scanned
  const origin = originOf(view, span)
  const zone = zoneAt(reading.raw.text, origin[0])
  // A view of joined letters also holds all that was plain: only what reads otherwise than it stands was disguised.
  const channels = channelsOf(view)
  const isOther = (part: Span) => reading.raw.text.slice(...originOf(view, part)) !== view.text.slice(...part)
  const isDisguised =
    channels.some(channel => disguises.has(channel)) &&
    !isDeclaredEncoding(reading.raw.text, origin[0]) &&
    isOther(span)
  const isTalk = isSpokenAbout(view.text, scan.hits, span) || isTalkWhereItStands({ reading, scanned, kind }, origin)
  // Where the words that quote an order are set apart letter by letter as it is, it is not hidden from who reads these.
  const isSpacedAlike =
    isTalk && channels.includes('letters') && isOther([Math.max(0, span[0] - quotingUnits), span[0]])
  const isHidden = zone !== undefined || (isDisguised && !isSpacedAlike)
  const weighed = level + (isHidden ? 1 : 0) - (isTalk ? 1 : 0)
  if (weighed < 1) return undefined
  const facts = { ...(zone && { hiddenIn: zone }), ...(isTalk && { speech: 'quoted in a text about attacks' }) }
  return { confidence: weighed > 1 ? 'likely' : 'possible', facts }
}

/** Joined strings have lost their quotes: whether they were shown is seen where they stood. */
function isTalkWhereItStands({ reading, scanned }: Place, origin: Span): boolean {
  if (!channelsOf(scanned.view).includes('joined')) return false
  const raw = reading.scanned.find(({ view }) => view === reading.raw)
  return isSpokenAbout(reading.raw.text, raw?.scan.hits ?? [], origin)
}

/**
 * One order is one signal: the same reason seen in several views, and the model's word where a rule already speaks, are
 * taken together; the surest confidence and the gravest severity stay.
 */
function distinct(signals: readonly Signal[]): Signal[] {
  const kept: { signal: Signal; origin: Span }[] = []
  for (const signal of signals.toSorted((a, b) => rank(b) - rank(a))) {
    const origin = originOf(signal.view, signal.cut)
    const same = kept.find(
      each => isSame(each.signal, signal) && origin[0] < each.origin[1] && origin[1] > each.origin[0],
    )
    if (same === undefined) kept.push({ signal, origin })
    else same.signal = { ...same.signal, ...surest(same.signal, signal) }
  }
  return kept.map(({ signal }) => signal)
}

function surest(one: Signal, other: Signal): Pick<Signal, 'severity' | 'confidence'> {
  const isGraver = severities.indexOf(other.severity) > severities.indexOf(one.severity)
  return {
    severity: isGraver ? other.severity : one.severity,
    confidence: other.confidence === 'likely' ? 'likely' : one.confidence,
  }
}

function isSame(kept: Signal, next: Signal): boolean {
  return kept.id === next.id || next.id === 'model'
}

// Rules before the model, among rules the surer first, and what is faint last.
function rank({ id, confidence, isFaint }: Signal): number {
  return (id === 'model' ? 0 : 2) + (confidence === 'likely' ? 1 : 0) - (isFaint === true ? 1 : 0)
}
