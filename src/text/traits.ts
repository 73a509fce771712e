import { kindOf, kinds } from './code-point.ts'

/** What a text holds that an ordinary one does not: decides which views are worth making. */
export type Traits = {
  /** Characters that folding would change. */
  readonly isFoldable: boolean
  /** `&#105;`, `\u0069`, `%69`. */
  readonly hasEscapes: boolean
  /** `<` followed by a letter, `/` or `!`. */
  readonly hasMarkup: boolean
  /** Runs of at least 20 characters that may be base64 or hex, or as many pairs of digits as hex is written in. */
  readonly hasRuns: boolean
  /** Several quoted strings, as JSON has them. */
  readonly hasQuotes: boolean
  /** `i g n o r e`. */
  readonly isSpaced: boolean
  /** Several words with digits in the place of letters. */
  readonly hasDigitWords: boolean
}

const [letter, digit, blank, breaker, rare] = [1, 2, 3, 4, 5] as const
const classes = new Uint8Array(128)
for (let c = 0; c < 128; c++) {
  const text = String.fromCharCode(c)
  if (/[A-Za-z]/u.test(text)) classes[c] = letter
  else if (/[0-9]/u.test(text)) classes[c] = digit
  else if (/[\t\n\r ]/u.test(text)) classes[c] = blank
  else classes[c] = c < 0x20 || c === 0x7f || /[&%\\<]/u.test(text) ? rare : breaker
}

const runUnits = 20
const hexPairs = 10
const quotesLeast = 6
const spacedLetters = 7
const digitWords = 3

/** One pass, a few nanoseconds a character; ordinary ASCII text ends with no trait set. */
export function traitsOf(text: string): Traits {
  const seen = { isFoldable: false, hasEscapes: false, hasMarkup: false }
  let [run, longest, singles, mostSingles, mixed] = [0, 0, 0, 0, 0]
  let [letters, digits, pairs, mostPairs] = [0, 0, 0, 0]
  let isInside = false
  let quotes = 0
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 10
    const kind = code < 128 ? (classes[code] ?? 0) : 0
    if (kind === letter || kind === digit) {
      run++
      if (kind === digit) digits++
      else {
        letters++
        isInside ||= digits > 0 && letters > 1
      }
      continue
    }
    if (letters + digits === 1 && letters === 1) mostSingles = Math.max(mostSingles, ++singles)
    else if (letters + digits > 0) singles = 0
    if (letters + digits === 2) mostPairs = Math.max(mostPairs, ++pairs)
    else if (letters + digits > 0) pairs = 0
    if ((isInside || (digits > 0 && letters > 1)) && digits < letters + 3 && letters + digits < 20) mixed++
    letters = digits = 0
    isInside = false
    if (code === 34) quotes++
    // `+`, `/`, `-`, `_` and `=` belong to the alphabets of base64.
    if (kind === breaker && (code === 43 || code === 47 || code === 45 || code === 95 || code === 61)) run++
    else {
      if (run > longest) longest = run
      run = 0
    }
    if (kind === rare) noteRare(seen, text, i)
    else if (kind === 0 && !seen.isFoldable) seen.isFoldable = isFoldableAt(text, i)
  }
  return {
    ...seen,
    hasRuns: longest >= runUnits || mostPairs >= hexPairs,
    hasQuotes: quotes >= quotesLeast,
    isSpaced: mostSingles >= spacedLetters,
    hasDigitWords: mixed >= digitWords,
  }
}

type Seen = { isFoldable: boolean; hasEscapes: boolean; hasMarkup: boolean }

function noteRare(seen: Seen, text: string, i: number): void {
  const next = text.charCodeAt(i + 1) | 0x20
  switch (text.charCodeAt(i)) {
    case 0x26: // &
      if (next === 0x23 || (next >= 97 && next <= 122)) seen.hasEscapes = true
      return
    case 0x25: // %
      if (isHexUnit(next)) seen.hasEscapes = true
      return
    case 0x5c: // a backslash
      seen.hasEscapes = true
      return
    case 0x3c: // <
      if ((next >= 97 && next <= 122) || next === 0x2f || next === 0x21 || next === 0x3f) seen.hasMarkup = true
      return
    default:
      seen.isFoldable = true
  }
}

function isHexUnit(unit: number): boolean {
  return (unit >= 48 && unit <= 57) || (unit >= 97 && unit <= 102)
}

function isFoldableAt(text: string, i: number): boolean {
  const code = text.charCodeAt(i)
  const isHigh = code >= 0xd800 && code < 0xdc00
  return kindOf(isHigh ? (text.codePointAt(i) ?? 0) : code) !== kinds.plain
}
