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

// One alternative per notation, told apart by their first two characters.
const escapes =
  /&(?:#(?<decimal>[0-9]{1,7})|#[xX](?<hex>[0-9a-fA-F]{1,6})|(?<name>[A-Za-z]{2,8}));?|\\(?:u(?<unit>[0-9a-fA-F]{4})|u\{(?<point>[0-9a-fA-F]{1,6})\}|x(?<byte>[0-9a-fA-F]{2})|(?<plain>["'\\/ntrbf]))|(?<percent>(?:%[0-9a-fA-F]{2}){1,512})/gu

const controls: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\n', b: ' ', f: ' ' }

/** Character references, JSON and URL escapes written as the characters they stand for. */
export function unescapedView(view: View): View | undefined {
  const { text } = view
  const out = rewriterOf(view)
  let kept = 0
  for (const found of text.matchAll(escapes)) {
    const put = meaningOf(found.groups ?? {})
    if (put === undefined) continue
    out.copy(kept, found.index)
    kept = found.index + found[0].length
    out.put(put, found.index, kept)
  }
  out.copy(kept, text.length)
  return kept === 0 ? undefined : out.done('escapes')
}

function meaningOf(groups: Readonly<Record<string, string | undefined>>): string | undefined {
  const { decimal, hex, name, unit, point, byte, plain, percent } = groups
  if (decimal !== undefined) return character(Number.parseInt(decimal, 10))
  if (name !== undefined) return Object.hasOwn(named, name) ? named[name] : undefined
  if (plain !== undefined) return controls[plain] ?? plain
  if (percent !== undefined) return percentMeaning(percent)
  const digits = hex ?? unit ?? point ?? byte
  // A surrogate half stays as it is: the other half follows, and together they are one character again.
  return digits === undefined ? undefined : character(Number.parseInt(digits, 16))
}

function character(code: number): string | undefined {
  if (code > 0x10ffff || code === 0) return undefined
  return code >= 0xd800 && code < 0xe000 ? String.fromCharCode(code) : String.fromCodePoint(code)
}

function percentMeaning(run: string): string | undefined {
  const bytes = Uint8Array.from(run.slice(1).split('%'), pair => Number.parseInt(pair, 16))
  const text = new TextDecoder('utf-8').decode(bytes)
  return text.includes('\ufffd') || /[\u0000-\u0008\u000e-\u001f]/u.test(text) ? undefined : text
}
