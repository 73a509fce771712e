import { rewriterOf, type View } from './view.ts'

// Bounded everywhere: an angle bracket that never closes hides nothing of what follows it.
const tag =
  /<!--|-->|<!\[CDATA\[|\]\]>|<(?<close>\/?)(?<name>[A-Za-z][A-Za-z0-9:-]{0,24})(?<rest>(?:\s[^<>]{0,2000})?)\/?>/gu
const attribute = /(?<key>[A-Za-z_:@.-]{1,40})\s?=\s?(?:"(?<double>[^"]{0,1500})"|'(?<single>[^']{0,1500})')/gu

// Elements that stand inside a word or a line; all others end one.
const inline = new Set(
  'a abbr b bdi bdo code del em font i ins kbd mark s samp small span strong sub sup tt u wbr'.split(' '),
)
// Values that a program reads and a reader does not; any other attribute may carry a sentence.
const technical = new Set(
  'class style id href src rel width height type lang dir align role target colspan rowspan'.split(' '),
)

/** Markup taken away, and with it what splits words; comments and what attributes say stay as text. */
export function unmarkedView(view: View): View | undefined {
  const { text } = view
  const out = rewriterOf(view)
  let kept = 0
  for (const found of text.matchAll(tag)) {
    out.copy(kept, found.index)
    kept = found.index + found[0].length
    out.put(textOf(found.groups ?? {}), found.index, kept)
  }
  out.copy(kept, text.length)
  return kept === 0 ? undefined : out.done('markup')
}

function textOf({ name, rest }: Readonly<Record<string, string | undefined>>): string {
  if (name === undefined) return '\n'
  const said = rest === undefined || rest === '' ? '' : sayings(rest)
  if (said !== '') return ` ${said} `
  return inline.has(name.toLowerCase()) ? '' : '\n'
}

function sayings(rest: string): string {
  const said: string[] = []
  const left = rest.replaceAll(attribute, (_, ...groups) => {
    const { key = '', double, single } = groups.at(-1)
    const value = double ?? single ?? ''
    if (!technical.has(key.toLowerCase()) && value.includes(' ')) said.push(value)
    return ' '
  })
  // What is left are bare words; more than a few are a sentence that only looks like a tag.
  const words = left.trim()
  if (words.split(/\s+/u).length > 2) said.push(words)
  return said.join(' . ')
}
