import type { Span } from '../text/view.ts'

/** How a text becomes numbers, as its `tokenizer.json` says. */
export type Tokens = {
  /** Of a piece of text, without the marks that begin and end an input. */
  idsOf(piece: string): readonly number[]
  /** The marks before and after. */
  readonly before: readonly number[]
  readonly after: readonly number[]
}

/** What the model reads at once, and the part of the text that it stands for. */
export type OnnxWindow = { readonly ids: readonly number[]; readonly span: Span }

/** Windows of one text; the rest of it is said not to have been read. */
export const windowsMax = 64

/** So many characters are made into tokens at a time: as exactly is known where a token stands. */
const pieceChars = 96

/** Windows over a text, each a quarter over the one before, so that nothing is only ever seen cut in two. */
export function windowsOf(text: string, tokens: Tokens, windowTokens: number): { windows: OnnxWindow[]; left: number } {
  const room = Math.max(1, windowTokens - tokens.before.length - tokens.after.length)
  const stride = Math.max(1, room - (room >> 2))
  const { ids, pieces, end } = tokensOf(text, tokens, room + stride * (windowsMax - 1))
  const windows: OnnxWindow[] = []
  for (let first = 0; first < ids.length; first += stride) {
    const body = ids.slice(first, first + room)
    const from = pieces[first]?.[0] ?? 0
    const to = pieces[first + body.length - 1]?.[1] ?? end
    windows.push({ ids: [...tokens.before, ...body, ...tokens.after], span: [from, to] })
    if (first + room >= ids.length) break
  }
  return { windows, left: text.length - end }
}

type Tokenised = { readonly ids: number[]; readonly pieces: Span[]; end: number }

function tokensOf(text: string, tokens: Tokens, tokensMax: number): Tokenised {
  const made: Tokenised = { ids: [], pieces: [], end: 0 }
  while (made.end < text.length) {
    const to = pieceEnd(text, made.end)
    const ids = tokens.idsOf(text.slice(made.end, to))
    // A piece that does not fit as a whole is left as a whole, and said to be.
    if (made.ids.length + ids.length > tokensMax) break
    for (const id of ids) {
      made.ids.push(id)
      made.pieces.push([made.end, to])
    }
    made.end = to
  }
  return made
}

/** Before a space where there is one, and never inside a character. */
function pieceEnd(text: string, from: number): number {
  const furthest = from + pieceChars
  if (furthest >= text.length) return text.length
  for (let at = furthest; at > from + (pieceChars >> 1); at--) if (/\s/u.test(text[at] ?? '')) return at
  const isInside = text.codePointAt(furthest - 1) !== text.charCodeAt(furthest - 1)
  return isInside ? furthest - 1 : furthest
}
