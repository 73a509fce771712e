import { kindOf, kinds } from './code-point.ts'
import { unitsOf } from './units.ts'

/** What a text holds that an ordinary one does not: decides which views are worth making. */
export type Traits = {
  /** Characters that folding would change, none of which stands before `foldableFrom`. */
  readonly isFoldable: boolean
  readonly foldableFrom: number
  /** `&#105;`, `\u0069`, `%69`. */
  readonly hasEscapes: boolean
  /** `<` followed by a letter, `/` or `!`. */
  readonly hasMarkup: boolean
  /** Runs of at least 20 characters that may be base64 or hex, or as many pairs of digits as hex is written in. */
  readonly hasRuns: boolean
  /** Words of two letters or digits in a row, nearly as many as hex is written in: the outer two may hang on to others. */
  readonly hasPairs: boolean
  /** As many short numbers in a row as a sentence written in character codes has. */
  readonly hasNumbers: boolean
  /** Several quoted strings, as JSON has them. */
  readonly hasQuotes: boolean
  /** `i g n o r e`. */
  readonly isSpaced: boolean
  /** Several words with digits in the place of letters. */
  readonly hasDigitWords: boolean
  /** Whether all of the text was looked at: if not, only the first three are told. */
  readonly isWhole: boolean
}

const [letter, digit, blank, breaker, rare, sign, quote] = [1, 2, 3, 4, 5, 6, 7] as const
// Beyond ASCII a unit has no class: only there is it asked what folding would make of it.
const classes = new Uint8Array(0x10000)
for (let c = 0; c < 128; c++) {
  const text = String.fromCharCode(c)
  if (/[A-Za-z]/u.test(text)) classes[c] = letter
  else if (/[0-9]/u.test(text)) classes[c] = digit
  else if (/[\t\n\r ]/u.test(text)) classes[c] = blank
  else if (/[&%\\<]/u.test(text) || c < 0x20 || c === 0x7f) classes[c] = rare
  // The signs belong to the alphabets of base64.
  else classes[c] = /[+/_=-]/u.test(text) ? sign : c === 34 ? quote : breaker
}

const runUnits = 20
const hexPairs = 10
const quotesLeast = 6
const spacedLetters = 7
const digitWords = 3
const shortNumbers = 10

/**
 * One pass, a few nanoseconds a character; ordinary ASCII text ends with no trait set. `isHasty`: it ends where something
 * is to be folded, for then another text is made, and the traits of that one are asked for.
 */
export function traitsOf(text: string, isHasty = false): Traits {
  const units = unitsOf(text)
  const seen: Seen = { isFoldable: false, foldableFrom: 0, hasEscapes: false, hasMarkup: false }
  const words: Words = { singles: 0, mostSingles: 0, pairs: 0, mostPairs: 0, mixed: 0, numbers: 0, mostNumbers: 0 }
  let longest = 0
  let quotes = 0
  let runFrom = 0
  for (let at = 0; at < units.length; at++) {
    const from = at
    let kind = classes[units[at] ?? 0] ?? 0
    while (kind === letter && ++at < units.length) kind = classes[units[at] ?? 0] ?? 0
    if (kind === digit) {
      at = mixedWordEnd(units, from, words)
      if (at < units.length) kind = classes[units[at] ?? 0] ?? 0
    } else if (at > from) noteWord(words, at - from)
    if (kind === sign || at >= units.length) continue
    if (at - runFrom > longest) longest = at - runFrom
    runFrom = at + 1
    if (kind === quote) quotes++
    else if (kind === rare) noteRare(seen, units, at)
    else if (kind === 0 && !seen.isFoldable && isFoldableAt(text, at)) {
      seen.isFoldable = true
      seen.foldableFrom = at
      if (isHasty) return hasty(seen, text, units)
    }
  }
  return {
    ...seen,
    isWhole: true,
    hasRuns:
      Math.max(longest, units.length - runFrom) >= runUnits ||
      words.mostPairs >= hexPairs ||
      words.mostNumbers >= shortNumbers,
    hasPairs: words.mostPairs >= hexPairs - 2,
    hasNumbers: words.mostNumbers >= shortNumbers,
    hasQuotes: quotes >= quotesLeast,
    isSpaced: words.mostSingles >= spacedLetters,
    hasDigitWords: words.mixed >= digitWords,
  }
}

type Words = {
  singles: number
  mostSingles: number
  pairs: number
  mostPairs: number
  mixed: number
  numbers: number
  mostNumbers: number
}

function noteWord(words: Words, length: number): void {
  words.singles = length === 1 ? words.singles + 1 : 0
  words.pairs = length === 2 ? words.pairs + 1 : 0
  words.numbers = 0
  if (words.singles > words.mostSingles) words.mostSingles = words.singles
  if (words.pairs > words.mostPairs) words.mostPairs = words.pairs
}

/** The end of a word that holds digits. */
function mixedWordEnd(units: Uint16Array, from: number, words: Words): number {
  let letters = 0
  let at = from
  for (; at < units.length; at++) {
    const kind = classes[units[at] ?? 0] ?? 0
    if (kind === letter) letters++
    else if (kind !== digit) break
  }
  const length = at - from
  const digits = length - letters
  if (letters > 1 && digits < letters + 3 && length < 20) words.mixed++
  words.pairs = length === 2 ? words.pairs + 1 : 0
  words.singles = 0
  words.numbers = letters < 3 && (length < 5 || length === 8) && length > 1 ? words.numbers + 1 : 0
  if (words.numbers > words.mostNumbers) words.mostNumbers = words.numbers
  if (words.pairs > words.mostPairs) words.mostPairs = words.pairs
  return at
}

type Seen = { isFoldable: boolean; foldableFrom: number; hasEscapes: boolean; hasMarkup: boolean }

const none = {
  hasRuns: false,
  hasPairs: false,
  hasNumbers: false,
  hasQuotes: false,
  isSpaced: false,
  hasDigitWords: false,
}

/** What else there is to make plain is seen from a few signs, which the engine finds natively. */
function hasty(seen: Seen, text: string, units: Uint16Array): Traits {
  for (const sign of ['\\', '&', '%'])
    for (let at = text.indexOf(sign, seen.foldableFrom); at >= 0 && !seen.hasEscapes; at = text.indexOf(sign, at + 1))
      noteRare(seen, units, at)
  for (let at = text.indexOf('<', seen.foldableFrom); at >= 0 && !seen.hasMarkup; at = text.indexOf('<', at + 1))
    noteRare(seen, units, at)
  return { ...seen, ...none, isWhole: false }
}

function noteRare(seen: Seen, units: Uint16Array, i: number): void {
  const next = (units[i + 1] ?? 0) | 0x20
  switch (units[i]) {
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
