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
const talkReach = 500
const quoteReach = 300
const pairs: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '“': '”',
  '‘': '’',
  '«': '»',
  '「': '」',
  '『': '』',
  '„': '“',
}

/** Whether a span is spoken about rather than said: a text about attacks, or a quotation announced as one. */
export function isSpokenAbout(text: string, hits: readonly number[], [from, to]: Span): boolean {
  const isQuoted = isQuotedInProse(text, [from, to])
  for (let i = firstHitAfter(hits, from - talkReach); i < hits.length; i += 3) {
    const [at, end] = [hits[i + 1] ?? 0, hits[i + 2] ?? 0]
    if (at > to + talkReach) break
    if ((end <= from || at >= to) && (hits[i] === talk || (isQuoted && hits[i] === announcing))) return true
  }
  return false
}

/** A value of JSON stands in quotes too, but nobody quotes it: only quotes that a sentence or a program opened count. */
function isQuotedInProse(text: string, [from, to]: Span): boolean {
  const start = Math.max(0, from - quoteReach)
  for (let at = Math.min(from, text.length - 1); at >= start; at--) {
    const close = pairs[text[at] ?? '']
    if (close === undefined || isInWord(text, at) || /\s/u.test(text[at + 1] ?? ' ')) continue
    const before = text.slice(Math.max(0, at - 12), at)
    if (before !== '' && !/[\s(=:,>|-]$/u.test(before)) continue
    if (/"\s{0,3}:\s{0,3}$/u.test(before)) return false
    const end = closingAt(text, close, at + 1)
    if (end >= to - 1) return true
    if (end >= 0 && end < from) return false
  }
  return false
}

function closingAt(text: string, close: string, from: number): number {
  const most = from + 3 * quoteReach
  for (let at = text.indexOf(close, from); at >= 0 && at < most; at = text.indexOf(close, at + 1))
    if (!isInWord(text, at)) return at
  return -1
}

/** The apostrophe of `don't`. */
function isInWord(text: string, at: number): boolean {
  return /[\p{L}\d]/u.test(text[at - 1] ?? ' ') && /[\p{L}\d]/u.test(text[at + 1] ?? ' ')
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
