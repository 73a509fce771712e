import { unknownPart } from './source-constant.ts'

/** One word of a Python source. Names are as Python reads them; text is what a literal always gives. */
export type PythonToken = {
  readonly kind: 'name' | 'text' | 'number' | 'sign' | 'line'
  readonly text: string
  readonly line: number
}

export type PythonTokens =
  | { readonly ok: true; readonly tokens: readonly PythonToken[] }
  | { readonly ok: false; readonly line: number; readonly why: string }

const tokensMax = 500_000
const nestingMax = 8

/**
 * The words of a Python source, by its lexical rules alone: comments go, texts are decoded, and what stands in the braces
 * of an f-string comes as words of its own, in parentheses behind the text. Refused is what Python would refuse too.
 */
export function pythonTokens(source: string, depth = 0): PythonTokens {
  const state: State = { source, at: 0, line: 1, tokens: [], depth }
  while (state.at < source.length) {
    const why = state.tokens.length > tokensMax ? 'is too long to be read' : step(state)
    if (why !== undefined) return { ok: false, line: state.line, why }
  }
  return { ok: true, tokens: state.tokens }
}

type State = {
  readonly source: string
  at: number
  line: number
  readonly tokens: PythonToken[]
  readonly depth: number
}

// Sticky, so that each is tried where the reading stands and nowhere else.
const blank = /[ \t\f\r\ufeff]+|\\\r?\n|#[^\n]*/uy
const name = /[\p{ID_Start}_][\p{ID_Continue}]*/uy
const number =
  /(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]+)?|\.[0-9][0-9_]*)[jJ]?/uy
const opening = /([A-Za-z]{0,3})("""|'''|"|')/uy

/** Reads one word; the answer is why that cannot be done. */
function step(state: State): string | undefined {
  const { source, tokens, line } = state
  const skipped = match(blank, state)
  if (skipped !== undefined) {
    if (skipped.startsWith('\\')) state.line++
    return undefined
  }
  if (source[state.at] === '\n') {
    tokens.push({ kind: 'line', text: '\n', line })
    state.at++
    state.line++
    return undefined
  }
  opening.lastIndex = state.at
  const quote = opening.exec(source)
  if (quote !== null && /^(?:[rbuft]|[bft]r|r[bft])?$/iu.test(quote[1] ?? '')) return readText(state, quote)
  const word = match(name, state)
  // Python folds identifiers: `ｅｘｅｃ` runs exec.
  if (word !== undefined) tokens.push({ kind: 'name', text: word.normalize('NFKC'), line })
  else if (/[0-9.]/u.test(source[state.at] ?? '')) readNumber(state)
  else tokens.push({ kind: 'sign', text: source[state.at++] ?? '', line })
  return undefined
}

function match(form: RegExp, state: State): string | undefined {
  form.lastIndex = state.at
  const [found] = form.exec(state.source) ?? []
  if (found !== undefined) state.at += found.length
  return found
}

function readNumber(state: State): void {
  const { line } = state
  const digits = match(number, state)
  if (digits !== undefined) state.tokens.push({ kind: 'number', text: digits.replaceAll('_', ''), line })
  else state.tokens.push({ kind: 'sign', text: state.source[state.at++] ?? '', line })
}

function readText(state: State, [all, prefix = '', quote = '"']: RegExpExecArray): string | undefined {
  const { source, line, tokens, depth } = state
  const kinds = prefix.toLowerCase()
  const from = state.at + all.length
  const isFormatted = kinds.includes('f') || kinds.includes('t')
  const found = isFormatted
    ? formattedText({ source, quote, isRaw: kinds.includes('r') }, from)
    : plainText(source, from, quote)
  if (found === undefined) return 'has a text without an end'
  state.at = found.end + quote.length
  state.line += source.slice(from, found.end).split('\n').length - 1
  const text = kinds.includes('r') ? found.text : unescaped(found.text)
  tokens.push({ kind: 'text', text, line })
  if (found.inside.length > 0 && depth >= nestingMax) return 'holds texts in texts in texts'
  for (const code of found.inside) insert(state, code, line)
  return undefined
}

/** Expressions inside of a text are code like any other. */
function insert({ tokens, depth }: State, code: string, line: number): void {
  const read = pythonTokens(code, depth + 1)
  const inside = read.ok ? read.tokens : [{ kind: 'name' as const, text: unknownPart, line }]
  tokens.push({ kind: 'sign', text: '(', line }, ...inside.slice(0, insideMax).map(token => ({ ...token, line })))
  tokens.push({ kind: 'sign', text: ')', line })
}

const insideMax = 10_000

type Text = { readonly end: number; readonly text: string; readonly inside: readonly string[] }

function plainText(source: string, from: number, quote: string): Text | undefined {
  for (let at = from; at < source.length; at++) {
    if (source[at] === '\\') at++
    else if (source.startsWith(quote, at)) return { end: at, text: source.slice(from, at), inside: [] }
    else if (source[at] === '\n' && quote.length === 1) return undefined
  }
  return undefined
}

type Formatted = { readonly source: string; readonly quote: string; readonly isRaw: boolean }

/** Texts inside the braces may have the quotes of the text around them: read loosely, code behind would pass for text. */
function formattedText({ source, quote, isRaw }: Formatted, from: number): Text | undefined {
  const inside: string[] = []
  let text = ''
  for (let at = from; at < source.length; at++) {
    const letter = source[at] ?? ''
    const next = source[at + 1] ?? ''
    if (source.startsWith(quote, at)) return { end: at, text, inside }
    if (letter === '\n' && quote.length === 1) return undefined
    const named = !isRaw && source.startsWith('\\N{', at) ? source.indexOf('}', at) : -1
    if (named > 0) at = named
    else if (letter === '\\' && next !== '{' && next !== '}') text += letter + (source[++at] ?? '')
    else if (letter !== '{' && letter !== '}') text += letter
    else if (next === letter) {
      text += letter
      at++
    } else if (letter === '{') {
      const end = endOfField(source, at + 1, quote)
      if (end === undefined) return undefined
      inside.push(source.slice(at + 1, end))
      text += unknownPart
      at = end
    } else return undefined
  }
  return undefined
}

/** Where the braces end that began before `from`. Behind a colon stands a format, whose quotes are no texts. */
function endOfField(source: string, from: number, quote: string): number | undefined {
  let open = 0
  let formatsIn = 0
  for (let at = from; at < source.length; at++) {
    const letter = source[at] ?? ''
    if (formatsIn > 0) {
      if (source.startsWith(quote, at)) return undefined
      if (letter === '{') formatsIn++
      else if (letter === '}' && --formatsIn === 0) return at
      continue
    }
    if (letter === '#') at = lineEnd(source, at)
    else if (letter === '"' || letter === "'") {
      const end = endOfNested(source, at)
      if (end === undefined) return undefined
      at = end
    } else if (/[([{]/u.test(letter)) open++
    else if (letter === '}' && open === 0) return at
    else if (/[)\]}]/u.test(letter)) open--
    else if (letter === ':' && open === 0) formatsIn = 1
  }
  return undefined
}

function lineEnd(source: string, at: number): number {
  const end = source.indexOf('\n', at)
  return end < 0 ? source.length : end
}

/** The last character of the text that begins here; its prefix, if it has one, stands before. */
function endOfNested(source: string, at: number): number | undefined {
  const quote = source.startsWith(source.slice(at, at + 1).repeat(3), at)
    ? source.slice(at, at + 3)
    : (source[at] ?? '')
  const prefix = /[A-Za-z]{0,3}$/u.exec(source.slice(Math.max(0, at - 3), at))?.[0].toLowerCase() ?? ''
  const from = at + quote.length
  const found = /f|t/u.test(prefix)
    ? formattedText({ source, quote, isRaw: prefix.includes('r') }, from)
    : plainText(source, from, quote)
  return found === undefined ? undefined : found.end + quote.length - 1
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
}
const escaped = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|N\{[^}]{0,100}\}|([\s\S]))/gu

function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text.replaceAll(escaped, (all, ...[two, four, eight, octal, one]: readonly unknown[]) => {
    const hex = two ?? four ?? eight
    if (typeof hex === 'string') return letterOf(Number.parseInt(hex, 16))
    if (typeof octal === 'string') return letterOf(Number.parseInt(octal, 8))
    return typeof one === 'string' ? (escapes[one] ?? all) : unknownPart
  })
}

function letterOf(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : unknownPart
}
