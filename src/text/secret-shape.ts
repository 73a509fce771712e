import { type KeywordScan, keywordTable, storedKeywordScan } from './keyword.ts'
import { bitsPerChar, isPlaceholder, isRandomLike } from './placeholder.ts'
import { cloudSecrets } from './secret-cloud.ts'
import { codeSecrets } from './secret-code.ts'
import type { SecretKind } from './secret-kind.ts'
import { modelSecrets } from './secret-model.ts'
import { serviceSecrets } from './secret-service.ts'

/** A stretch of text that is a credential. Offsets are UTF-16 units. */
export type Secret = {
  readonly from: number
  readonly to: number
  readonly kind: string
  readonly confidence: 'certain' | 'likely'
  /** Its last characters may be shown: it is long and random, so they tell keys apart and give nothing away. */
  readonly isLong?: boolean
}

/** Every kind that its own text gives away; where two start together the earlier one names it. */
export const secretKinds: readonly SecretKind[] = [...modelSecrets, ...cloudSecrets, ...codeSecrets, ...serviceSecrets]

/** Credentials with a form of their own. `isEager`: for a record, where an example may be hidden as well as a key. */
export function shapedSecrets(text: string, isEager = false): Secret[] {
  const found: Secret[] = []
  scan ??= storedKeywordScan(shapesTable)
  scan(text, shapeFinder(text, { isEager, found }))
  return found
}

let scan: KeywordScan | undefined

/** The words of `shapeWords`. */
export const shapesTable = keywordTable('secret-shapes', shapeWords)

type Search = { readonly isEager: boolean; readonly found: Secret[] }

/** Given each keyword of one text where it stands, it adds the credentials that are there. */
export function shapeFinder(text: string, { isEager, found }: Search): (word: number, at: number) => void {
  const { rows } = shapes()
  // A record rather hides too much: there a key may also stand within a word, if its prefix is a telling one.
  const isOpen = ({ words }: Row): boolean => isEager && words.every(word => word.length > 3)
  // A keyword inside what was found already is part of it; without this, nested prefixes would be read again and again.
  let done = 0
  return (word, at) => {
    const row = rows[word]
    if (row === undefined) return
    const from = startOf(text, at, row)
    if (from < done || (!isOpen(row) && isWithinWord(text, from, row))) return
    row.shape.lastIndex = from
    const value = row.shape.exec(text)?.[0]
    if (value === undefined) return
    if (!isEager && (isAlphanumeric(text.charCodeAt(from + value.length)) || !isReal(value, row.words))) return
    done = from + value.length
    found.push({ from, to: done, kind: row.kind, confidence: 'certain', isLong: true })
  }
}

/** The words around which credentials with a form of their own are looked for. */
export function shapeWords(): readonly string[] {
  return shapes().words
}

function startOf(text: string, at: number, { before, digitsBefore }: Row): number {
  let from = at - before
  for (let more = digitsBefore; more > 0 && isDigit(text.charCodeAt(from - 1)); more--) from--
  return from
}

/** A mark that begins with a stroke or a dot, as a part of an address does, begins nothing anew in a word. */
function isWithinWord(text: string, from: number, { digitsBefore }: Row): boolean {
  const before = text.charCodeAt(from - 1)
  // What begins with a number of any length may follow letters: `/bot123456789:…`.
  return digitsBefore > 0 ? isDigit(before) : isAlphanumeric(before) && isAlphanumeric(text.charCodeAt(from))
}

function isReal(value: string, words: readonly string[]): boolean {
  const lower = value.toLowerCase()
  const prefix = words.find(word => lower.startsWith(word)) ?? ''
  const body = value.slice(prefix.length)
  if (isPlaceholder(body)) return false
  // Capitals and digits only: an id rather than a key, and no word looks like it.
  return isRandomLike(body) || (/^[A-Z0-9]{16}$/u.test(body) && bitsPerChar(body) > 2.6) || isMixed(body)
}

/** Letters alone, about as many of them large as small: so some makers draw, and nobody writes. */
function isMixed(body: string): boolean {
  if (!/^[A-Za-z_-]{14,255}$/u.test(body) || bitsPerChar(body) < 3.2) return false
  const capitals = body.replaceAll(/[^A-Z]/gu, '').length
  return capitals * 4 >= body.length && capitals * 4 <= body.length * 3
}

type Row = {
  readonly kind: string
  readonly shape: RegExp
  readonly before: number
  readonly digitsBefore: number
  readonly words: readonly string[]
}
type Shapes = { readonly words: readonly string[]; readonly rows: readonly Row[] }
let made: Shapes | undefined

/** Compiled on first use: a command that reads no text pays nothing for it. */
function shapes(): Shapes {
  if (made !== undefined) return made
  const rows: Row[] = []
  const words: string[] = []
  for (const { kind, words: spelled, shape, before = 0, digitsBefore = 0 } of secretKinds) {
    const own = spelled.split(' ')
    const sticky = new RegExp(shape.source, shape.flags.replace('g', '').concat('y'))
    const row = { kind, before, digitsBefore, shape: sticky, words: own }
    for (const word of own) {
      rows.push(row)
      words.push(word)
    }
  }
  made = { words, rows }
  return made
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isAlphanumeric(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}
