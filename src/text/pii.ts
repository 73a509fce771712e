import { createRequire } from 'node:module'
import { isCapital, isDigit, numberRuns } from './number-run.ts'
import { isIban, isIssuedCard, nationalIdOf } from './pii-number.ts'

export const piiKinds = ['card', 'iban', 'national-id', 'email', 'phone'] as const
export type PiiKind = (typeof piiKinds)[number]

/** What names or reaches a person. Offsets are UTF-16 units. */
export type Pii = {
  readonly kind: PiiKind
  readonly from: number
  readonly to: number
  /** Of which country a number is, where that was told. */
  readonly country?: string
}

/** Everything personal in a text, in reading order, none inside another. */
export function piiIn(text: string): Pii[] {
  const found = [...emails(text), ...numbers(text)]
  if (found.length < 2) return found
  const sorted = found.sort((a, b) => a.from - b.from || b.to - a.to)
  let done = 0
  return sorted.filter(({ from, to }) => {
    if (from < done) return false
    done = to
    return true
  })
}

const localUnits = 64
const domain = /(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,5}[A-Za-z]{2,24}(?![A-Za-z0-9-])/uy
const nobody = /@(?:[a-z0-9.-]+\.)?(?:example\.(?:com|org|net)|example|test|invalid|localhost)$/iu

/** Looked for from each `@` to both sides: most texts hold none, and a pattern would try at every word. */
function emails(text: string): Pii[] {
  const found: Pii[] = []
  let done = 0
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', Math.max(done, at + 1))) {
    let from = at
    while (from > 0 && at - from <= localUnits && isLocal(text.charCodeAt(from - 1))) from--
    const first = text.charCodeAt(from)
    if (from === at || at - from > localUnits || from < done || first === dot || first === dash) continue
    domain.lastIndex = at + 1
    if (!domain.test(text)) continue
    done = domain.lastIndex
    const address = text.slice(from, done)
    // `git@github.com:` and addresses that RFC 2606 keeps for examples reach nobody.
    if (nobody.test(address) || (address.startsWith('git@') && text[done] === ':')) continue
    found.push({ kind: 'email', from, to: done })
  }
  return found
}

const [dot, dash] = [46, 45] as const

function isLocal(code: number): boolean {
  return isAlphanumeric(code) || code === dot || code === 95 || code === 37 || code === 43 || code === dash
}

function isAlphanumeric(code: number): boolean {
  return isDigit(code) || isCapital(code) || (code >= 97 && code <= 122)
}

function numbers(text: string): Pii[] {
  const found: Pii[] = []
  for (const [from, to] of numberRuns(text)) {
    const kind = numberKind(text.slice(from, to), text.slice(Math.max(0, from - 24), from))
    if (kind !== undefined) found.push({ ...kind, from, to })
  }
  return found
}

/** A card's number has at least so many, an account's two more. */
const cardUnits = 13
const cardForm = /^[0-9]{4}([ -]?)[0-9]{4}\1[0-9]{4}\1[0-9]{1,7}$|^3[0-9]{3}([ -]?)[0-9]{6}\2[0-9]{4,5}$/u

function numberKind(run: string, before: string): Pick<Pii, 'kind' | 'country'> | undefined {
  // Half of all runs are dates and times: too short for what asks for digits alone.
  const plain = run.length < cardUnits ? '' : run.replaceAll(/[ .\-()/]/gu, '')
  if (plain !== '' && cardForm.test(run) && isIssuedCard(plain) && !isSerial(plain) && isCardPlace(run, before))
    return { kind: 'card' }
  if (/^[A-Z]{2}[0-9]{2}/u.test(plain) && isIban(plain)) return { kind: 'iban', country: plain.slice(0, 2) }
  const country = nationalIdOf(run)
  // A bare run of digits passes such a check one time in ten: a word must stand before it.
  if (country !== undefined && (/[^0-9]/u.test(run) || personal.test(before))) return { kind: 'national-id', country }
  return isPhone(run, before)
}

/** In groups as on the card, or of the usual length and not announced as the number of something else. */
function isCardPlace(run: string, before: string): boolean {
  if (cardWord.test(before)) return true
  return run.length !== run.replaceAll(/[ -]/gu, '').length || (run.length <= 16 && !counted.test(before))
}

const cardWord = /(?:card|visa|master|amex|pan|karte|carte|tarjeta)[^0-9]{0,16}$/iu
const counted =
  /(?:\bid|order|invoice|ref|reference|tracking|serial|sku|imei|trace|ticket|transaction|request|session|build|time|timestamp|ean|isbn|upc|gtin)[^A-Za-z0-9]{0,3}(?:id|no|nr|number|code)?[^A-Za-z0-9]{0,4}$/iu

const personal =
  /(?:id|ssn|pesel|cpf|nif|dni|nie|nir|ahv|personal|national|tax|social|steuer|codice)[^A-Za-z0-9]{0,12}$/iu

/** One digit over and over, or a test number of a made-up series. */
function isSerial(plain: string): boolean {
  return new Set(plain).size <= 2
}

const called = /(?:phone|tel|mobile|cell|fax|whatsapp|sms|handy|telefon|t[ée]l)[^A-Za-z0-9]{0,6}$/iu

// Programs call things by numbers too: after this word only a number that is written as people write one counts.
const asked = /\bcall[^A-Za-z0-9]{0,6}$/iu
const written = /[0-9)][ ./-][0-9(]|^\(/u
// A decimal number, and three or four numbers with dots between them, unless they are as long as an area's and a line's.
const counting = /^[+]?[0-9]{1,3}\.[0-9]{1,7}$|^(?!(?:1\.)?[0-9]{3}\.[0-9]{3}\.[0-9]{4}$)[0-9]+(?:\.[0-9]+){2,}$/u

/** With a country's prefix, or where a word says that it is one: any other run of digits is just a number. */
function isPhone(run: string, before: string): Pick<Pii, 'kind' | 'country'> | undefined {
  if (!/^[+(0-9][0-9 .\-()/]+$/u.test(run) || counting.test(run)) return undefined
  if (!(run.startsWith('+') || called.test(before) || (asked.test(before) && written.test(run)))) return undefined
  const parsed = library().parsePhoneNumberFromString(run, run.startsWith('+') ? undefined : 'US')
  if (parsed?.isValid() !== true) return undefined
  return parsed.country === undefined ? { kind: 'phone' } : { kind: 'phone', country: parsed.country }
}

type Library = typeof import('libphonenumber-js/min')
const load = createRequire(import.meta.url)
let loaded: Library | undefined

/** Loaded at the first number that may be one: a start that reads no text pays nothing for its tables. */
function library(): Library {
  const library: Library = loaded ?? load('libphonenumber-js/min')
  loaded = library
  return library
}
