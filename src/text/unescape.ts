import { seekerOf } from './seek.ts'
import { rewriterOf, type View } from './view.ts'

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ensp: ' ',
  emsp: ' ',
  thinsp: ' ',
  shy: '',
  zwnj: '',
  zwj: '',
  lrm: '',
  rlm: '',
  hyphen: '-',
  dash: '-',
  ndash: '-',
  mdash: '-',
  period: '.',
  comma: ',',
  colon: ':',
  semi: ';',
  excl: '!',
  quest: '?',
  lpar: '(',
  rpar: ')',
  lsqb: '[',
  lbrack: '[',
  rsqb: ']',
  rbrack: ']',
  lcub: '{',
  lbrace: '{',
  rcub: '}',
  rbrace: '}',
  vert: '|',
  verbar: '|',
  num: '#',
  dollar: '$',
  percnt: '%',
  ast: '*',
  commat: '@',
  sol: '/',
  bsol: '\\',
  lowbar: '_',
  grave: '`',
  Tab: '\t',
  NewLine: '\n',
  plus: '+',
  equals: '=',
  lsquo: "'",
  rsquo: "'",
  ldquo: '"',
  rdquo: '"',
  hellip: '...',
}

const signs = ['\\', '&', '%']
const [percent, backslash] = [37, 92] as const
// By the sign that each begins with.
const reference = /&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]{2,8}));?/uy
// The last is how style sheets write a character; a blank ends it.
const coded = /\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|0{2,4}([2-7][0-9a-fA-F])(?: (?=\\))?)/uy
// One may be a path or a reference to a group; several are characters.
const octals = /(?:\\[01][0-7]{2}){6,512}/uy
const percents = /(?:%[0-9a-fA-F]{2}){1,512}/uy

/** Character references, JSON and URL escapes written as the characters they stand for. */
export function unescapedView(view: View): View | undefined {
  const { text } = view
  const out = rewriterOf(view)
  const next = seekerOf(text, signs)
  let kept = 0
  for (let at = next(0), length = 0; at < text.length; at = next(at + length)) {
    const found = escapeAt(text, at)
    length = found.length
    if (found.put === undefined) continue
    out.copy(kept, at)
    kept = at + length
    out.put(found.put, at, kept)
  }
  out.copy(kept, text.length)
  return kept === 0 ? undefined : out.done('escapes')
}

/** What stands at a sign, and how much of the text it takes: a sign that begins no escape takes only itself. */
type Escape = { readonly put: string | undefined; readonly length: number }

const none: Escape = { put: undefined, length: 1 }
const controls = { n: '\n', t: '\t', r: '\n', b: ' ', f: ' ' }
// Most escapes of most texts are one of these: they ask for no pattern.
const short = new Map<number, Escape>()
for (const [sign, put] of [...Object.entries(controls), ...[...'"\'\\/'].map(sign => [sign, sign] as const)])
  short.set(sign.charCodeAt(0), { put, length: 2 })

function escapeAt(text: string, at: number): Escape {
  switch (text.charCodeAt(at)) {
    case backslash:
      return short.get(text.charCodeAt(at + 1)) ?? codedAt(text, at)
    case percent:
      return percentsAt(text, at)
    default:
      return referenceAt(text, at)
  }
}

function codedAt(text: string, at: number): Escape {
  coded.lastIndex = at
  const [whole, unit, point, byte, style] = coded.exec(text) ?? []
  if (whole !== undefined) return { put: character(unit ?? point ?? byte ?? style ?? '', 16), length: whole.length }
  octals.lastIndex = at
  const run = octals.exec(text)?.[0]
  if (run === undefined) return none
  const codes = run
    .slice(1)
    .split('\\')
    .map(digits => Number.parseInt(digits, 8))
  return { put: String.fromCharCode(...codes), length: run.length }
}

function percentsAt(text: string, at: number): Escape {
  percents.lastIndex = at
  const run = percents.exec(text)?.[0]
  return run === undefined ? none : { put: percentMeaning(run), length: run.length }
}

function referenceAt(text: string, at: number): Escape {
  reference.lastIndex = at
  const [whole, decimal, hex, name] = reference.exec(text) ?? []
  if (whole === undefined) return none
  if (name !== undefined) return { put: Object.hasOwn(named, name) ? named[name] : undefined, length: whole.length }
  return { put: decimal === undefined ? character(hex ?? '', 16) : character(decimal, 10), length: whole.length }
}

// A surrogate half stays as it is: the other half follows, and together they are one character again.
function character(digits: string, base: 10 | 16): string | undefined {
  const code = Number.parseInt(digits, base)
  if (code > 0x10ffff || code === 0) return undefined
  return code >= 0xd800 && code < 0xe000 ? String.fromCharCode(code) : String.fromCodePoint(code)
}

function percentMeaning(run: string): string | undefined {
  const bytes = Uint8Array.from(run.slice(1).split('%'), pair => Number.parseInt(pair, 16))
  const text = new TextDecoder('utf-8').decode(bytes)
  return text.includes('\ufffd') || /[\u0000-\u0008\u000e-\u001f]/u.test(text) ? undefined : text
}
