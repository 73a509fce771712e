import type { Span } from './view.ts'

/** An address in a text, with what is around it that makes a client fetch it. */
export type Link = {
  readonly url: string
  readonly span: Span
  /** The whole construct: `![alt](url)`, `<img …>`. */
  readonly whole: Span
  /** Pictures and the like are fetched when shown, without a click. */
  readonly isFetched: boolean
  /** A bare address stands in running text; the others are made to be followed. */
  readonly isBare: boolean
}

export const linkBounds = { links: 2000 } as const

const start = /(?:https?|ftp|wss?):\/\/|(?:javascript|vbscript):|data:text\/html|(?<=\(|="|=')\/\/(?=[a-z0-9])/giu
const program = /(?:java|vb)script:|data:text\/html/iu
// Each by itself: the engine skips through ordinary text with one pattern, with two it tries at every letter.
const programSigns = [/script:/iu, /data:text\/html/iu]
const stop = /[\s"'<>`\\^]/u
const urlUnits = 8192

/** Every address of a text, in order, at most `linkBounds.links`. */
export function linksIn(text: string): { readonly links: readonly Link[]; readonly left: number } {
  const links: Link[] = []
  let end = 0
  const mayRun = programSigns.some(sign => sign.test(text)) && program.test(text)
  for (const from of mayRun ? startsOf(text) : slashedStarts(text)) {
    if (from < end) continue
    if (links.length >= linkBounds.links) return { links, left: 1 }
    // Cut before it is searched: in a text without an end of words, each address would search all the rest.
    const rest = text.slice(from, from + urlUnits)
    const length = rest.search(stop)
    end = trimmedEnd(text, from, length < 0 ? from + rest.length : from + length)
    links.push(linkAt(text, [from, end]))
  }
  return { links, left: 0 }
}

function* startsOf(text: string): Generator<number> {
  for (const { index } of text.matchAll(start)) yield index
}

const scheme = /(?:https?|ftp|wss?):$/iu
const schemeUnits = 6

/** The same where no address is a program: each begins at two strokes, which are found natively. */
function* slashedStarts(text: string): Generator<number> {
  for (let at = text.indexOf('//'); at >= 0; at = text.indexOf('//', at + 1)) {
    const name = scheme.exec(text.slice(Math.max(0, at - schemeUnits), at))?.[0]
    if (name !== undefined) yield at - name.length
    else if (/(?:\(|="|=')$/u.test(text.slice(Math.max(0, at - 2), at)) && /[a-z0-9]/iu.test(text.charAt(at + 2)))
      yield at
  }
}

// Closing marks belong to the sentence, not to the address, unless they were opened inside it.
function trimmedEnd(text: string, from: number, to: number): number {
  const url = text.slice(from, to)
  const isOpened = url.includes('(')
  let depth = 0
  for (const { 0: mark, index } of isOpened || url.includes(')') ? url.matchAll(/[()]/gu) : []) {
    depth += mark === '(' ? 1 : -1
    if (depth < 0) return from + index
  }
  let end = to
  while (end > from && /[.,;:!?\])]/u.test(text[end - 1] ?? '') && !(text[end - 1] === ')' && depth >= 0 && isOpened))
    end--
  return end
}

const before = 300
const nearBefore = 12
const opening = /\(\s?["']?$/u
const linked = /(?:\]\(\s?|\]:\s{0,4}<?|\bhref\s?=\s?["']?)$/iu
const fetching =
  /<(?:img|iframe|script|link|source|video|audio|embed|object|input|image|body|svg|use|base|meta)\b[^<>]{0,280}$/iuy

function linkAt(text: string, [from, to]: Span): Link {
  const near = text.slice(Math.max(0, from - nearBefore), from)
  const ahead = text.slice(Math.max(0, from - before), from)
  const isOpening = opening.test(near)
  const image = isOpening ? /!\[[^\]\n]{0,200}\]\(\s?$/u.exec(ahead) : null
  const tag = openTag(ahead)
  const css = isOpening ? /url\(\s?["']?$/u.exec(ahead) : null
  const opened = image ?? tag ?? css
  const base = from - ahead.length
  const whole: Span = opened === null ? [from, to] : [base + opened.index, to + closingLength(text, to, image !== null)]
  return {
    url: text.slice(from, to),
    span: [from, to],
    whole,
    isFetched: opened !== null,
    isBare: opened === null && !linked.test(near),
  }
}

/** An element that fetches, if it is still open at the end. */
function openTag(ahead: string): RegExpExecArray | null {
  const at = ahead.lastIndexOf('<')
  if (at < 0) return null
  fetching.lastIndex = at
  return fetching.exec(ahead)
}

function closingLength(text: string, to: number, isImage: boolean): number {
  const found = (isImage ? /^[^)\n]{0,200}\)/u : /^[^<>]{0,300}>/u).exec(text.slice(to, to + 304))
  return found?.[0].length ?? 0
}
