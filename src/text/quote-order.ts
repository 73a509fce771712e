import type { Span } from './view.ts'

const reach = 500
const sentencesMax = 40

/**
 * Whether what stands around a quotation tells its reader to carry the quotation out. A text that only shows an attack
 * never says so; one that hides its order in quotes has to.
 */
export function isOrderedAround(text: string, quotations: readonly Span[], [from, to]: Span): boolean {
  const start = Math.max(0, from - reach)
  const end = Math.min(text.length, to + reach)
  return sentencesIn(unquoted(text, quotations, [start, end])).some(tellsToObey)
}

/** The text with what is quoted blanked: an order inside the quotation is the attack itself, not word about it. */
function unquoted(text: string, quotations: readonly Span[], [start, end]: Span): string {
  let out = ''
  let at = start
  for (const [from, to] of quotations) {
    if (to <= at || from >= end) continue
    out += `${text.slice(at, Math.max(at, from))} ¤ `
    at = to
  }
  return out + text.slice(at, Math.max(at, end))
}

function sentencesIn(text: string): readonly string[] {
  return text.split(/[.!?]\s|[\n。！？]/u, sentencesMax)
}

const what =
  'quot(?:e|ed|ation)s?|samples?|examples?|strings?|phrases?|sentences?|payloads?|texts?|orders?|instructions?|commands?|blocks?|lines?|¤'
const obeying = new RegExp(
  [
    // "do what the sample says", "do as it says", "do exactly that"
    `\\bdo (?:exactly |just |precisely )?(?:what|as) (?:it|they|this|that|the (?:${what})) (?:says?|tells? you|asks?|orders?|demands?)`,
    '\\bdo (?:exactly|just|precisely) (?:that|this|so)\\b',
    // "follow the instruction in quotes", "execute the string above", "carry out the sample"
    `\\b(?:obey|follow|execute|carry out|perform|act (?:up)?on|comply with) (?:exactly |precisely |to the letter )?(?:the|this|that|these|those|my) (?:[\\p{L}-]{1,20} ){0,2}(?:${what})(?!\\p{L})`,
    // "carry it out", "act on it", "treat the quotation as an order"
    '\\b(?:obey (?:it|them)|act (?:up)?on (?:it|them)|execute (?:it|them)|carry (?:it|them|this|that) out|comply with (?:it|them))\\b',
    // "obey "…"", "do the thing in quotes", "go ahead and do that"
    '\\b(?:obey|follow|execute|carry out|perform)\\s{1,3}¤',
    '\\b(?:do|perform|execute|complete) (?:the (?:things?|deed|task|steps?)|what (?:is|stands)) (?:in|inside|between) (?:quotes|quotation marks|the (?:fence|block|box))',
    '\\b(?:go (?:on|ahead) and do|proceed with) (?:that|so|it|this)\\b',
    `\\b(?:treat|take|regard|read) (?:the|this|that|it|them)(?: (?:${what}))? (?:above |below )?as (?:an? |your |real )?(?:orders?|instructions?|commands?|task)`,
  ].join('|'),
  'iu',
)

// Said of a sample among people as well ("run the sample"), so only where somebody is turned to.
const trying = new RegExp(
  `\\b(?:run|apply|use|perform) (?:the|this|that) (?:[\\p{L}-]{1,20} ){0,2}(?:${what})(?!\\p{L})`,
  'iu',
)
const assigning = new RegExp(
  `\\byour (?:new |next |real |only )?(?:task|job|order|instruction)s? (?:is|are) (?:the [\\p{L}]{1,20} (?:in|inside) (?:quotes|the (?:fence|block))|what (?:is|stands) (?:quoted|in)|¤)|(?:${what}|fence)[^.!?]{0,30} (?:is|are) your (?:new |next |real |only )?(?:task|job|order|instruction)`,
  'iu',
)

const refusing =
  /\b(?:not|never|cannot|refus\w+|avoid\w*|without|unless|whether|if|when|why|how|who|which|would|could|might|may|can|did|does|do|to make|to get|tries|tried|trick\w*|causes?|n['’]t)\b|n['’]t\b/iu
const turning =
  /(?:^|[,;:¤(–—-]|\b(?:please|now|then|and|kindly|just|simply|instead|you (?:must|should|shall|will|have to|are to|need to)|(?:wants?|needs?|expects?|orders?|asks?|tells?) you to|(?:assistants?|agents?|ai|model|bot|reader|this) (?:must|shall|should|has to|have to|is to|are to)))\s*$/iu
// Who only reports what happened names somebody as the one who does it.
const reported = /\b(?:it|they|he|she|we|users?|victims?|attackers?|bots|agents|models|assistants|some|many)\s+\p{L}/iu

const addressed =
  /\b(?:you|please)\b|^\s*(?:dear |hey )?(?:assistant|agent|ai|model|bot|reader)\s?[,:]|(?:must|shall|has to|have to)\s*$/iu

function tellsToObey(sentence: string): boolean {
  return (
    tells(sentence, obeying, before => addressed.test(before) || !reported.test(before)) ||
    tells(sentence, trying, before => addressed.test(before)) ||
    (assigning.test(sentence) && !refusing.test(sentence))
  )
}

function tells(sentence: string, order: RegExp, isTurned: (before: string) => boolean): boolean {
  const found = order.exec(sentence)
  if (found === null) return false
  const before = sentence.slice(0, found.index)
  return !refusing.test(before) && turning.test(before) && isTurned(before)
}
