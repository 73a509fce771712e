import { rewriterOf, type View } from './view.ts'

/** What divides the words of a text that a program puts together again before anybody reads it. */
type Divider = {
  /** Without this there is none: looked for first, which costs next to nothing. */
  readonly sign: string
  /** What stands at the sign. */
  readonly pattern: RegExp
  readonly put: (found: RegExpExecArray) => string
  /** Fewer than these close together are how people and programs write. */
  readonly least: number
}

const dividers: readonly Divider[] = [
  // Quoted-printable breaks its lines anywhere, and says with a sign that it did. Programs break them at 76 units: of a text
  // so broken few words are cut in two, and it is read well enough as it came.
  { sign: '=\n', pattern: /(?<=[\p{L}\d])=\n(?=[\p{L}\d])/uy, put: () => '', least: 2 },
  { sign: '=\r\n', pattern: /(?<=[\p{L}\d])=\r\n(?=[\p{L}\d])/uy, put: () => '', least: 2 },
  // Words of a header in another alphabet; the blank between two of them is not meant.
  { sign: '=?', pattern: /=\?[\w-]{2,20}\?[Qq]\?([!->@-~]{1,400})\?=(?:\s{1,3}(?==\?))?/y, put: encodedWord, least: 0 },
  // Bold letters within words, and strings that code adds to each other.
  { sign: '**', pattern: /(?<=\p{L})\*\*(?=\p{L})/uy, put: () => '', least: 3 },
  { sign: '" + "', pattern: /" \+ "/y, put: () => '', least: 2 },
  { sign: "' + '", pattern: /' \+ '/y, put: () => '', least: 2 },
]

/** What is divided less often than this is not divided to break its words. */
const closeUnits = 48

/** The text as the program that shows it puts it together, if it was divided in a way that programs undo. */
export function rejoinedView(view: View): View | undefined {
  const ways = dividers.filter(({ sign }) => view.text.includes(sign))
  const made = ways.reduce((made, way) => without(made, way) ?? made, view)
  return made === view ? undefined : made
}

function without(view: View, { sign, pattern, put, least }: Divider): View | undefined {
  const { text } = view
  const out = rewriterOf(view)
  let kept = 0
  let count = 0
  for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, Math.max(kept, at + 1))) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null) continue
    if (at - kept < closeUnits) count++
    out.copy(kept, at)
    kept = at + found[0].length
    out.put(put(found), at, kept)
  }
  out.copy(kept, text.length)
  return kept === 0 || count < least ? undefined : out.done('letters')
}

function encodedWord([, said = '']: RegExpExecArray): string {
  const bytes = said
    .replaceAll('_', ' ')
    .replaceAll(/%/gu, '%25')
    .replaceAll(/=([0-9A-Fa-f]{2})/gu, '%$1')
  try {
    return decodeURIComponent(bytes)
  } catch {
    return said
  }
}
