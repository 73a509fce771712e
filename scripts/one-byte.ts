import { parse } from 'acorn'
import { simple } from 'acorn-walk'

type Edit = { readonly start: number; readonly end: number; readonly text: string }
type Place = Pick<Edit, 'start' | 'end'>

/**
 * The same program in ASCII. One other character anywhere makes V8 keep the text of the whole file, which it does for as
 * long as the program runs, at two bytes for each character.
 */
export function oneByte(code: string): string {
  const edits: Edit[] = []
  const edit = ({ start, end }: Place, how: (text: string) => string) => {
    const text = code.slice(start, end)
    if (!isAscii(text)) edits.push({ start, end, text: how(text) })
  }
  const tree = parse(code, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    onComment: (_block, _text, start, end) => edit({ start, end }, text => text.replaceAll(beyondAscii, '?')),
    onToken: token => edit(token, token.type.label === 'regexp' ? inPattern : escaped),
  })
  simple(tree, {
    // What a tag is given raw may not become an escape, so a plain text of the same characters takes its place.
    TaggedTemplateExpression: ({ start, end, tag, quasi }) =>
      edit({ start, end }, text => {
        if (code.slice(tag.start, tag.end) !== 'String.raw' || quasi.expressions.length > 0) throw beyond(text)
        return escaped(JSON.stringify(quasi.quasis[0]?.value.raw ?? ''))
      }),
  })
  const made = applied(code, edits)
  if (!isAscii(made)) throw beyond(made.slice(made.search(beyondAscii)))
  return made
}

/** An edit within another is part of that one. */
function applied(code: string, edits: readonly Edit[]): string {
  let [made, from] = ['', 0]
  for (const { start, end, text } of edits.toSorted((one, other) => one.start - other.start || other.end - one.end)) {
    if (start < from) continue
    made += code.slice(from, start) + text
    from = end
  }
  return made + code.slice(from)
}

function beyond(text: string): Error {
  return new Error(`cannot be written in ASCII: ${text.slice(0, 200)}`)
}

const beyondAscii = /[^\x00-\x7f]/gu

function isAscii(text: string): boolean {
  return text.search(beyondAscii) < 0
}

function escaped(text: string): string {
  return text.replaceAll(/[^\x00-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function inPattern(text: string): string {
  // After a backslash an escape would be two other characters.
  if (/\\[^\x00-\x7f]/u.test(text)) throw beyond(text)
  const flags = text.slice(text.lastIndexOf('/'))
  if (!/[uv]/u.test(flags)) return escaped(text)
  return text.replaceAll(beyondAscii, char => `\\u{${char.codePointAt(0)?.toString(16)}}`)
}
