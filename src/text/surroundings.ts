import { isQuoted, quotationBounds, quotationsIn } from './quotation.ts'
import { isOrderedAround } from './quote-order.ts'
import { concepts } from './rules/lexicon.ts'
import type { Span } from './view.ts'

/** Where in a page a text stands that a reader would not see. */
export type Zone = 'a comment' | 'a hidden element' | 'concealed terminal text'

const reach = 4000
const hiding =
  /<[A-Za-z][^<>]{0,300}(?:display\s?:\s?none|visibility\s?:\s?hidden|font-size\s?:\s?0|opacity\s?:\s?0[;"'\s]|color\s?:\s?(?:white|transparent|#fff)|aria-hidden\s?=|\shidden[\s=>])[^<>]{0,300}>[^<]{0,2000}$/u

/** The hidden place around an offset of the text as it came, if there is one. */
export function zoneAt(raw: string, from: number): Zone | undefined {
  const before = raw.slice(Math.max(0, from - reach), from)
  if (before.lastIndexOf('<!--') > before.lastIndexOf('-->')) return 'a comment'
  if (before.lastIndexOf('\u001b[8m') > Math.max(before.lastIndexOf('\u001b[0m'), before.lastIndexOf('\u001b[28m')))
    return 'concealed terminal text'
  const line = before.slice(before.lastIndexOf('\n') + 1)
  if (/^\[(?:\/\/|comment|_)\]:/u.test(line)) return 'a comment'
  return before.includes('<') && hiding.test(before.slice(-2600)) ? 'a hidden element' : undefined
}

const talk = concepts.indexOf('aboutAttacks')
const announcing = concepts.indexOf('quoting')
const talkReach = 600
const announcingReach = 300
const spokenReach = 4000
const reportUnits = 60
// Words of tests, rules, reports and lists of attacks. They count for what is quoted only: whoever speaks to an
// assistant may use them too.
const ofAttacks =
  /\b(?:inject\w*|attack\w*|payloads?|red[- ]team\w*|exploit\w*|vulnerab\w*|malicious|adversar\w*|jailbreak\w*|guard\w*|scanner|detect\w*|classifier|phishing|honeypot|poison\w*|expect\(|assert\w*|pytest|describe\(|label|flagged|blocked|incident|cve|override|leak|overrides|patterns?|block_phrases|severity)\b|提示注入|攻击|inyecci[oó]n|injektion|angreifer/iu
const reporting =
  /(?:\b(?:attackers?|adversar\w+|somebody|someone|researchers?)\b[^.!?\n]{0,120}\b(?:say\w*|said|writ\w+|wrote|hid\w*|plac\w+|ask\w*|tells?|told|telling|instruct\w*|order\w*|trick\w*|causes?|mak(?:es?|ing)|wants?|tr(?:y|ies|ied) to|such as|like)\b|\b(?:payloads?|strings?|phrases?|texts?|pages?|mails?|comments?|sentences?|words)\b[^.!?\n]{0,40}\b(?:such as|like|says?|said|reads?|ask(?:s|ed|ing)|tells?|told|telling|instruct\w*)\b|\b(?:guard(?:rail)?s?|filters?|scanners?|detectors?|classifiers?)\b[^.!?\n]{0,60}\b(?:strips?|removes?|blocks?|catch(?:es)?|detects?|flags?|match(?:es)?|escapes?|drops?|looks? for)\b)[^.!?\n]{0,80}$/iu

/**
 * Whether a span is spoken about rather than said: shown in quotes, a fence or a table of a text about attacks, or
 * reported in a sentence of one. That a text speaks of attacks is not enough: attacks do, too.
 */
export function isSpokenAbout(text: string, hits: readonly number[], [from, to]: Span): boolean {
  const isTalk = hasNear(hits, talk, { from, to, reach: talkReach })
  // What the model points at may begin with the words that report it.
  const isReported = isTalk && reporting.test(text.slice(Math.max(0, from - 240), Math.min(to, from + reportUnits)))
  // Quotes are looked for last: it takes the whole text to know them, and most texts speak of nothing like attacks.
  const isAnnounced = isTalk || hasNear(hits, announcing, { from, to, reach: announcingReach })
  if (!isAnnounced && !ofAttacks.test(text.slice(Math.max(0, from - talkReach), to + talkReach))) return false
  const start = text.length <= quotationBounds.units ? 0 : Math.max(0, from - spokenReach)
  const near = text.length <= quotationBounds.units ? text : text.slice(start, to + spokenReach)
  const quotations = quotationsOf(near)
  const span: Span = [from - start, to - start]
  return isQuoted(quotations, span) ? !isOrderedAround(near, quotations, span) : isReported
}

// Many signals of one text ask one after the other, of two views in turn.
let last: readonly { readonly text: string; readonly quotations: readonly Span[] }[] = []

function quotationsOf(text: string): readonly Span[] {
  const known = last.find(each => each.text === text)
  if (known !== undefined) return known.quotations
  const quotations = quotationsIn(text)
  last = [{ text, quotations }, ...last.slice(0, 1)]
  return quotations
}

type Place = { readonly from: number; readonly to: number; readonly reach: number }

function hasNear(hits: readonly number[], concept: number, { from, to, reach }: Place): boolean {
  for (let i = firstHitAfter(hits, from - reach); i < hits.length; i += 3) {
    const [at, end] = [hits[i + 1] ?? 0, hits[i + 2] ?? 0]
    if (at > to + reach) return false
    if (hits[i] === concept && (end <= from || at >= to)) return true
  }
  return false
}

const letterReach = 600
const greeting =
  /(?:^|[\n"'>:.])\s{0,3}(?:hi|hello|hey|dear|(?:good )?(?:morning|afternoon|evening)|hallo|liebe[rs]?|guten tag|sehr geehrter?|bonjour|ch[eè]re?s?|hola|estimad[oa]s?|olá|prezad[oa]s?|ciao|gentil[ei]|beste|cześć|merhaba|привет|уважаем\p{L}{1,3})\s{1,2}[\p{L}. &]{1,30}[,!:\n]/iu
const closing =
  /(?:regards|wishes|thanks|thank you|cheers|sincerely|love|best|grüßen?|danke|cordialement|merci|saludos|gracias|obrigad[oa]|saluti|grazie|groeten|pozdrawiam|teşekkürler|спасибо|уважением)[,!.\s]{1,4}[-–]?\s?\p{Lu}\p{L}/iu
const spokenTo = new Set(
  ['agent', 'reader', 'newOrders', 'silently', 'approved', 'hidden'].map(name => concepts.indexOf(name)),
)

/** Whether a span stands in a letter from one person to another and does not turn to an assistant. */
export function isBetweenPeople(text: string, hits: readonly number[], [from, to]: Span): boolean {
  if (!greeting.test(text.slice(Math.max(0, from - letterReach), to))) return false
  if (!closing.test(text.slice(from, to + letterReach))) return false
  for (let i = firstHitAfter(hits, from - letterReach); i < hits.length; i += 3) {
    if ((hits[i + 1] ?? 0) > to + letterReach) break
    if (spokenTo.has(hits[i] ?? -1)) return false
  }
  return true
}

const turnReach = 60
const turned = new Set(['agent', 'reader', 'newOrders'].map(name => concepts.indexOf(name)))

// An assistant manager is a person.
const ofPeople =
  /^[\s-](?:manager|managing|professor|director|coach|editor|secretary|principal|trainer|nurse|chef|teacher|to the)/iu

/** Whether an assistant is named in a span or right beside it, or a reader is told of new orders. */
export function turnsToAssistant(text: string, hits: readonly number[], [from, to]: Span): boolean {
  for (let i = firstHitAfter(hits, from - turnReach); i < hits.length; i += 3) {
    const end = hits[i + 2] ?? 0
    if (end > to + turnReach) return false
    if (turned.has(hits[i] ?? -1) && !ofPeople.test(text.slice(end, end + 16))) return true
  }
  return false
}

/** Hits come by their ends: half of the rest at a time, not all of them for each span. */
function firstHitAfter(hits: readonly number[], offset: number): number {
  let low = 0
  let high = hits.length / 3
  while (low < high) {
    const middle = (low + high) >> 1
    if ((hits[middle * 3 + 2] ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low * 3
}

const sentenceReach = 400

/** The sentence, or what of it is near, so that cutting an order does not leave its second half. */
export function sentenceAround(text: string, [from, to]: Span): Span {
  const before = text.slice(Math.max(0, from - sentenceReach), from)
  const ends = [...before.matchAll(/[.!?]\s|[\n。！？>]/gu)]
  const last = ends.at(-1)
  const start = last === undefined ? from - before.length : from - before.length + last.index + last[0].length
  const end = text.slice(to, to + sentenceReach).search(/[.!?](?:\s|$)|[\n。！？<]/u)
  return [
    start,
    end < 0
      ? Math.min(text.length, to + sentenceReach)
      : to + end + (/[.!?。！？]/u.test(text[to + end] ?? '') ? 1 : 0),
  ]
}
