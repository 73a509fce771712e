import type { ModelConfig } from '../config/model.ts'
import type { Edit, Finding } from '../core/finding.ts'
import type { Scene } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import { type Leaves, leavesOf } from '../text/leaves.ts'
import { type Sheet, sheetOf } from '../text/sheet.ts'
import type { Span } from '../text/view.ts'
import { isForModel, type ModelAnswer, type ModelReader, type ModelSeat } from './model-kinds.ts'

/** Answers that the model is asked about at once; more than that is not waited for. */
export const askedAtOnceMax = 8

/** Asks a reader within the budget, and turns what it says into findings. */
export function newModelSeat(config: ModelConfig, reader: ModelReader, now: () => number): ModelSeat {
  const budget = newBudget(config.callsPerMinute, now)
  let asking = 0
  const answerTo = async (text: string): Promise<ModelAnswer> => {
    if (asking >= askedAtOnceMax) return { silent: 'too many questions at once' }
    if (!budget()) return { silent: `more than ${config.callsPerMinute} questions in a minute` }
    asking += 1
    return reader.read(text).finally(() => {
      asking -= 1
    })
  }
  return {
    ask(message, scene, findings) {
      if (!isAsked(config, message, { scene, findings })) return undefined
      const leaves = leavesOf(message)
      const sheet = sheetOf(leaves)
      const excerpt = excerptOf(sheet.text, findings, config.textChars)
      if (excerpt.text.trim() === '') return undefined
      return answerTo(excerpt.text).then(answer => {
        const left = excerpt.left + (answer.left ?? 0)
        return [
          ...findingsOf(answer, message, { config, place: () => placeOf(answer, { leaves, sheet, excerpt }) }),
          ...(left > 0 ? [rest(message, left)] : []),
        ]
      })
    },
    close: () => reader.close(),
  }
}

type Known = { readonly scene: Scene; readonly findings: readonly Finding[] }

function isAsked({ asks }: ModelConfig, message: Message, { scene, findings }: Known): boolean {
  if (!isForModel(message)) return false
  if (asks === 'all' || findings.some(({ rule }) => /^(?:injection|role-tokens|exfiltration-links)\//u.test(rule)))
    return true
  return asks === 'strangers' && scene.server.writers === 'anyone'
}

/** At most so many questions in any minute. */
function newBudget(perMinute: number, now: () => number): () => boolean {
  const asked: number[] = []
  return () => {
    const since = now() - 60_000
    while (asked[0] !== undefined && asked[0] <= since) asked.shift()
    if (asked.length >= perMinute) return false
    asked.push(now())
    return true
  }
}

/** What the model is shown, and where its parts stand on the sheet. */
type Excerpt = { readonly text: string; readonly left: number; readonly parts: readonly Part[] }
type Part = { readonly from: number; readonly on: number; readonly length: number }

const seam = '\n…\n'

/** Of a long text what was suspected, its beginning and its end. */
function excerptOf(whole: string, findings: readonly Finding[], charsMax: number): Excerpt {
  if (whole.length <= charsMax) return { text: whole, left: 0, parts: [{ from: 0, on: 0, length: whole.length }] }
  const third = Math.floor(charsMax / 3)
  const told = findings.flatMap(({ facts }) => (typeof facts['excerpt'] === 'string' ? [facts['excerpt']] : []))
  const at = told.map(excerpt => whole.indexOf(excerpt.slice(0, 40))).find(found => found >= 0) ?? whole.length >> 1
  const middle = Math.max(0, at - (third >> 1))
  const starts = [0, middle, whole.length - third]
  const text = starts.map(start => whole.slice(start, start + third)).join(seam)
  const parts = starts.map((on, index) => ({
    from: index * (third + seam.length),
    on,
    length: Math.min(third, whole.length - on),
  }))
  return { text, left: whole.length - charsMax, parts }
}

type Judged = { readonly config: ModelConfig; place(): Place | undefined }

function findingsOf({ score, silent: why }: ModelAnswer, message: Message, { config, place }: Judged): Finding[] {
  const quiet = why === undefined ? [] : [silent(why, message, config)]
  if (score === undefined || score < config.possibleFrom) return quiet
  const isLikely = score >= config.likelyFrom
  const found: Finding = {
    rule: 'model/injection',
    severity: 'high',
    confidence: isLikely ? 'likely' : 'possible',
    at: message.root,
    ...place(),
    facts: { score: Math.round(score * 100) / 100, model: config.name },
    labels: isLikely ? ['suspected', 'untrusted'] : ['suspected'],
    standards: ['OWASP-LLM01', 'ATLAS-AML.T0051.001'],
  }
  return [found, ...quiet]
}

type Place = Pick<Finding, 'at' | 'span' | 'fix'>
type Shown = { readonly leaves: Leaves; readonly sheet: Sheet; readonly excerpt: Excerpt }

const notice = '[removed by Sallyport: text that gives orders to the assistant]'

function placeOf({ quote = '', spans = [] }: ModelAnswer, { leaves, sheet, excerpt }: Shown): Place | undefined {
  if (quote.length >= 8)
    for (const { at, text, isKey } of leaves.leaves) {
      const from = isKey ? -1 : text.indexOf(quote)
      if (from >= 0) return placeAt([cut(at, [from, from + quote.length])])
    }
  // The worst first: it says where; all of them are what would have to go.
  return placeAt(spans.flatMap(span => onSheet(excerpt, span)).flatMap(span => cutsOn(sheet, span)))
}

function onSheet({ parts }: Excerpt, [from, to]: Span): Span[] {
  return parts.flatMap(part => {
    const start = Math.max(from, part.from)
    const end = Math.min(to, part.from + part.length)
    return start < end ? [[start - part.from + part.on, end - part.from + part.on] as const] : []
  })
}

type Cut = Extract<Edit, { put: string }>

function cut(at: string, [from, to]: Span): Cut {
  return { at, from, to, put: notice }
}

/** The longest first: names and marks around it say less of where it stands. */
function cutsOn(sheet: Sheet, span: Span): Cut[] {
  const places = sheet.placesOf(span).filter(({ isKey }) => !isKey)
  return places.map(place => cut(place.at, place.span)).sort((a, b) => b.to - b.from - (a.to - a.from))
}

function placeAt(cuts: readonly Cut[]): Place | undefined {
  const [first] = cuts
  if (first === undefined) return undefined
  return { at: first.at, span: [first.from, first.to], fix: withoutOverlaps(cuts) }
}

function withoutOverlaps(cuts: readonly Cut[]): Cut[] {
  const merged: Cut[] = []
  for (const next of cuts.toSorted((a, b) => (a.at === b.at ? a.from - b.from : a.at < b.at ? -1 : 1))) {
    const last = merged.at(-1)
    if (last?.at === next.at && next.from <= last.to) merged.splice(-1, 1, { ...last, to: Math.max(last.to, next.to) })
    else merged.push(next)
  }
  return merged
}

function silent(why: string, { root }: Message, { whenSilent, name }: ModelConfig): Finding {
  const weight = whenSilent === 'ask' ? ({ severity: 'high', confidence: 'likely' } as const) : quiet
  return { rule: 'model/silent', ...weight, at: root, facts: { why: why.slice(0, 120), model: name } }
}

const quiet = { severity: 'low', confidence: 'certain' } as const

function rest({ root }: Message, chars: number): Finding {
  return { rule: 'model/not-inspected', severity: 'info', confidence: 'certain', at: root, facts: { chars } }
}
