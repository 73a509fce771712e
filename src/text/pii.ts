import { createRequire } from 'node:module'
import { isCardNumber, isIban, nationalIdOf } from './pii-number.ts'

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
  const { hasDigits, hasAt } = look(text)
  const found: Pii[] = []
  if (hasAt) found.push(...emails(text))
  if (hasDigits) found.push(...numbers(text))
  const sorted = found.sort((a, b) => a.from - b.from || b.to - a.to)
  let done = 0
  return sorted.filter(({ from, to }) => {
    if (from < done) return false
    done = to
    return true
  })
}

/** Most texts hold neither an address nor a long enough run of digits. */
function look(text: string): { hasDigits: boolean; hasAt: boolean } {
  let digits = 0
  let apart = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 48 && code <= 57) {
      digits++
      apart = 0
      if (digits >= 7) return { hasDigits: true, hasAt: text.includes('@') }
    } else if (++apart > 3) digits = 0
  }
  return { hasDigits: false, hasAt: text.includes('@') }
}

const email =
  /(?<![A-Za-z0-9._%+-])[A-Za-z0-9_%+][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,5}[A-Za-z]{2,24}(?![A-Za-z0-9-])/gu
const nobody = /@(?:[a-z0-9.-]+\.)?(?:example\.(?:com|org|net)|example|test|invalid|localhost)$/iu

function* emails(text: string): Generator<Pii> {
  for (const match of text.matchAll(email)) {
    // `git@github.com:` and addresses that RFC 2606 keeps for examples reach nobody.
    if (nobody.test(match[0]) || (match[0].startsWith('git@') && text[match.index + match[0].length] === ':')) continue
    yield { kind: 'email', from: match.index, to: match.index + match[0].length }
  }
}

// A run that may be a number of a person, with the blanks, dots, dashes and brackets that people put in.
const run = /(?<![A-Za-z0-9_.,/:-])(?:\+|[A-Z]{1,6})?\(?[0-9](?:[ .\-()/]{0,2}[0-9A-Z]){5,33}(?![A-Za-z0-9_])/gu

function* numbers(text: string): Generator<Pii> {
  for (const match of text.matchAll(run)) {
    const kind = numberKind(match[0], text.slice(Math.max(0, match.index - 24), match.index))
    if (kind !== undefined) yield { ...kind, from: match.index, to: match.index + match[0].length }
  }
}

const cardForm = /^[0-9]{4}([ -]?)[0-9]{4}\1[0-9]{4}\1[0-9]{1,7}$|^3[0-9]{3}([ -]?)[0-9]{6}\2[0-9]{4,5}$/u

function numberKind(run: string, before: string): Pick<Pii, 'kind' | 'country'> | undefined {
  const plain = run.replaceAll(/[ .\-()/]/gu, '')
  if (cardForm.test(run) && isCardNumber(plain) && !isSerial(plain)) return { kind: 'card' }
  if (/^[A-Z]{2}[0-9]{2}/u.test(plain) && isIban(plain)) return { kind: 'iban', country: plain.slice(0, 2) }
  const country = nationalIdOf(run)
  // A bare run of digits passes such a check one time in ten: a word must stand before it.
  if (country !== undefined && (/[^0-9]/u.test(run) || personal.test(before))) return { kind: 'national-id', country }
  return isPhone(run, before)
}

const personal =
  /(?:id|ssn|pesel|cpf|nif|dni|nie|nir|ahv|personal|national|tax|social|steuer|codice)[^A-Za-z0-9]{0,12}$/iu

/** One digit over and over, or a test number of a made-up series. */
function isSerial(plain: string): boolean {
  return new Set(plain).size <= 2
}

const called = /(?:phone|tel|mobile|cell|call|fax|whatsapp|sms|handy|telefon|t[ée]l)[^A-Za-z0-9]{0,6}$/iu

/** With a country's prefix, or where a word says that it is one: any other run of digits is just a number. */
function isPhone(run: string, before: string): Pick<Pii, 'kind' | 'country'> | undefined {
  if (!/^[+(0-9][0-9 .\-()/]+$/u.test(run) || !(run.startsWith('+') || called.test(before))) return undefined
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
