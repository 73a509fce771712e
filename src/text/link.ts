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
const stop = /[\s"'<>`\\^]|$/gu

/** Every address of a text, in order, at most `linkBounds.links`. */
export function linksIn(text: string): { readonly links: readonly Link[]; readonly left: number } {
  const links: Link[] = []
  let from = 0
  for (const found of text.matchAll(start)) {
    if (found.index < from) continue
    if (links.length >= linkBounds.links) return { links, left: 1 }
    stop.lastIndex = found.index
    const end = trimmedEnd(text, found.index, Math.min(stop.exec(text)?.index ?? text.length, found.index + 8192))
    links.push(linkAt(text, [found.index, end]))
    from = end
  }
  return { links, left: 0 }
}

// Closing marks belong to the sentence, not to the address, unless they were opened inside it.
function trimmedEnd(text: string, from: number, to: number): number {
  let depth = 0
  for (let i = from; i < to; i++) {
    const unit = text[i]
    if (unit === '(') depth++
    else if (unit === ')' && --depth < 0) return i
  }
  let end = to
  while (
    end > from &&
    /[.,;:!?\])]/u.test(text[end - 1] ?? '') &&
    !(text[end - 1] === ')' && depth >= 0 && text.slice(from, end).includes('('))
  )
    end--
  return end
}

const before = 300
const linked = /(?:\]\(\s?|\]:\s{0,4}<?|\bhref\s?=\s?["']?)$/iu

function linkAt(text: string, [from, to]: Span): Link {
  const ahead = text.slice(Math.max(0, from - before), from)
  const image = /!\[[^\]\n]{0,200}\]\(\s?$/u.exec(ahead)
  const tag =
    /<(?:img|iframe|script|link|source|video|audio|embed|object|input|image|body|svg|use|base|meta)\b[^<>]{0,280}$/iu.exec(
      ahead,
    )
  const css = /url\(\s?["']?$/u.exec(ahead)
  const opened = image ?? tag ?? css
  const base = from - ahead.length
  const whole: Span = opened === null ? [from, to] : [base + opened.index, to + closingLength(text, to, image !== null)]
  return {
    url: text.slice(from, to),
    span: [from, to],
    whole,
    isFetched: opened !== null,
    isBare: opened === null && !linked.test(ahead),
  }
}

function closingLength(text: string, to: number, isImage: boolean): number {
  const found = (isImage ? /^[^)\n]{0,200}\)/u : /^[^<>]{0,300}>/u).exec(text.slice(to, to + 304))
  return found?.[0].length ?? 0
}
