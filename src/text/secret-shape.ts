import { keywordScan } from './keyword.ts'
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
  scan ??= keywordScan(shapeWords())
  scan(text, shapeFinder(text, { isEager, found }))
  return found
}

let scan: ReturnType<typeof keywordScan> | undefined

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
    const from = at - (row?.before ?? 0)
    if (row === undefined || from < done || (!isOpen(row) && isAlphanumeric(text.charCodeAt(from - 1)))) return
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

function isReal(value: string, words: readonly string[]): boolean {
  const lower = value.toLowerCase()
  const prefix = words.find(word => lower.startsWith(word)) ?? ''
  const body = value.slice(prefix.length)
  if (isPlaceholder(body)) return false
  // Capitals and digits only: an id rather than a key, and no word looks like it.
  return isRandomLike(body) || (/^[A-Z0-9]{16}$/u.test(body) && bitsPerChar(body) > 2.6)
}

type Row = { readonly kind: string; readonly shape: RegExp; readonly before: number; readonly words: readonly string[] }
type Shapes = { readonly words: readonly string[]; readonly rows: readonly Row[] }
let made: Shapes | undefined

/** Compiled on first use: a command that reads no text pays nothing for it. */
function shapes(): Shapes {
  if (made !== undefined) return made
  const rows: Row[] = []
  const words: string[] = []
  for (const { kind, words: spelled, shape, before = 0 } of secretKinds) {
    const own = spelled.split(' ')
    const row = { kind, before, shape: new RegExp(shape.source, shape.flags.replace('g', '').concat('y')), words: own }
    for (const word of own) {
      rows.push(row)
      words.push(word)
    }
  }
  made = { words, rows }
  return made
}

function isAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}
