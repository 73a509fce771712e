import { seekerOf } from './seek.ts'
import { rewriterOf, type View } from './view.ts'

// Bounded everywhere: an angle bracket that never closes hides nothing of what follows it.
const tag = /<!--|<!\[CDATA\[|<\/?([A-Za-z][A-Za-z0-9:-]{0,24})((?:\s[^<>]{0,2000})?)\/?>/uy
const attribute = /([A-Za-z_:@.-]{1,40})\s?=\s?(?:"([^"]{0,1500})"|'([^']{0,1500})')/gu
const signs = ['<', '-->', ']]>']
const less = 60

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
  const next = seekerOf(text, signs)
  let kept = 0
  for (let at = next(0); at < text.length; at = next(Math.max(kept, at + 1))) {
    const { length, put } = text.charCodeAt(at) === less ? tagAt(text, at) : closing
    if (length === 0) continue
    out.copy(kept, at)
    kept = at + length
    out.put(put, at, kept)
  }
  out.copy(kept, text.length)
  return kept === 0 ? undefined : out.done('markup')
}

type Mark = { readonly length: number; readonly put: string }

const none: Mark = { length: 0, put: '' }
/** The end of a comment or of raw characters. */
const closing: Mark = { length: 3, put: '\n' }

function tagAt(text: string, from: number): Mark {
  tag.lastIndex = from
  const [whole, name, rest = ''] = tag.exec(text) ?? []
  return whole === undefined ? none : { length: whole.length, put: textOf(name, rest) }
}

function textOf(name: string | undefined, rest: string): string {
  if (name === undefined) return '\n'
  const said = rest === '' ? '' : sayings(rest)
  if (said !== '') return ` ${said} `
  return inline.has(name.toLowerCase()) ? '' : '\n'
}

// Attributes as most are written, whose values are single words: nothing is said, and nothing needs to be taken apart.
const wordless = /^(?:\s[A-Za-z_:@.-]{1,40}="[^"\s]{0,1500}"){1,16}\s?$/u

// What a page carries along in another writing: a document in a link, a run of letters in an attribute.
const packed = /^data:(?:text|image\/svg|application\/(?:json|xhtml))|^[A-Za-z0-9+/]{40,}={0,2}$/u
const mayBePacked = /data:|[A-Za-z0-9+/]{40}/u

function sayings(rest: string): string {
  if (wordless.test(rest) && !mayBePacked.test(rest)) return ''
  const said: string[] = []
  let left = ''
  let kept = 0
  attribute.lastIndex = 0
  for (let found = attribute.exec(rest); found !== null; found = attribute.exec(rest)) {
    const [whole, key = '', double, single] = found
    const value = double ?? single ?? ''
    if ((value.includes(' ') && !technical.has(key.toLowerCase())) || packed.test(value)) said.push(value)
    left += `${rest.slice(kept, found.index)} `
    kept = found.index + whole.length
  }
  // What is left are bare words; more than a few are a sentence that only looks like a tag.
  const words = (left + rest.slice(kept)).trim()
  if (words.split(/\s+/u).length > 2) said.push(words)
  return said.join(' . ')
}
