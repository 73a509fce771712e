/** The number of a payment card: right length, an issuer's range, and the check digit fits. */
export function isCardNumber(digits: string): boolean {
  if (digits.length < 13 || digits.length > 19 || !/^(?:3[04-9]|4|5[0-9]|6|2[2-7])/u.test(digits)) return false
  return luhn(digits)
}

/** The same for numbers that are given out today: a check digit alone lets every tenth number of a table pass. */
export function isIssuedCard(digits: string): boolean {
  return (issuers.get(digits.length)?.test(digits) ?? false) && luhn(digits)
}

const long = /^6(?:2|5|011|4[4-9]|304|7(?:59|6[1-3]))/u

// By length; thirteen digits are an article's.
const issuers: ReadonlyMap<number, RegExp> = new Map([
  [14, /^3(?:0[0-59]|[689])/u],
  [15, /^3[47]/u],
  [16, /^(?:4|5[1-5]|50[123]|5[68]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3(?:0[0-59]|[5689])|6(?:0|[2-5]|7|9))/u],
  [17, long],
  [18, long],
  [19, /^(?:4|6(?:2|5|011|4[4-9]|304|7(?:59|6[1-3])))/u],
])

function luhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    sum += i % 2 === 1 ? digit * 2 - (digit > 4 ? 9 : 0) : digit
  }
  return sum % 10 === 0
}

/** Lengths per country of the International Bank Account Number; another country's code is no account. */
const ibanLengths: ReadonlyMap<string, number> = new Map(
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
    .split(' ')
    .map(entry => [entry.slice(0, 2), Number(entry.slice(2))]),
)

/** A bank account number without blanks: its country's length, and the remainder by 97 is 1. */
export function isIban(account: string): boolean {
  if (ibanLengths.get(account.slice(0, 2)) !== account.length || !/^[A-Z]{2}[0-9]{2}[A-Z0-9]+$/u.test(account))
    return false
  let rest = 0
  for (const character of account.slice(4) + account.slice(0, 4)) {
    const value = Number.parseInt(character, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}

/** Numbers that a state gives a person, by country; undefined where no check digit fits. */
export function nationalIdOf(text: string): string | undefined {
  for (const { country, shape, fits } of checksByUnits.get(text.length) ?? [])
    if (shape.test(text) && fits(text.replaceAll(/[ ./-]/gu, '').toUpperCase())) return country
  return undefined
}

/** `units`: how long its written forms are; most runs of digits in a text are of other lengths. */
type Check = {
  readonly country: string
  readonly units: readonly number[]
  readonly shape: RegExp
  fits(plain: string): boolean
}

const digitsOf = (plain: string): number[] => [...plain].map(Number)
const weighed = (digits: readonly number[], weights: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + weight * (digits[i] ?? 0), 0)

// Written forms are strict: bare digits with a check digit of one in eleven would be found in every table of numbers.
const checks: readonly Check[] = [
  {
    country: 'US',
    units: [11],
    shape: /^(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}$/u,
    fits: plain => !/^(\d)\1{8}$/u.test(plain) && plain !== '123456789' && plain !== '078051120',
  },
  {
    country: 'BR',
    units: [14],
    shape: /^[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}$/u,
    fits: plain => !/^(\d)\1{10}$/u.test(plain) && [9, 10].every(n => cpfDigit(digitsOf(plain), n)),
  },
  { country: 'ES', units: [9, 10, 11], shape: /^(?:[0-9]{8}-?|[XYZ]-?[0-9]{7}-?)[A-Z]$/u, fits: isSpanish },
  {
    country: 'PL',
    units: [11],
    shape: /^[0-9]{11}$/u,
    fits: plain => isDate(plain.slice(4, 6), ((Number(plain.slice(2, 4)) - 1) % 20) + 1) && isPesel(digitsOf(plain)),
  },
  { country: 'IT', units: [16], shape: /^[A-Z]{6}[0-9]{2}[A-EHLMPR-T][0-9]{2}[A-Z][0-9]{3}[A-Z]$/u, fits: isItalian },
  {
    country: 'FI',
    units: [11],
    shape: /^[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]$/u,
    fits: plain => {
      const bare = plain.replaceAll(/[^0-9A-Z]/gu, '')
      const number = Number(bare.slice(0, 6) + bare.slice(-4, -1))
      return (
        isDate(bare.slice(0, 2), Number(bare.slice(2, 4))) &&
        '0123456789ABCDEFHJKLMNPRSTUVWXY'[number % 31] === bare.at(-1)
      )
    },
  },
  {
    country: 'SE',
    units: [11],
    shape: /^[0-9]{6}[-+][0-9]{4}$/u,
    fits: plain => isDate(plain.slice(4, 6), Number(plain.slice(2, 4))) && luhn(plain.replace('+', '')),
  },
  {
    country: 'FR',
    units: [15, 16, 17, 18, 19, 20, 21],
    shape: /^[12] ?[0-9]{2} ?(?:0[1-9]|1[0-2]) ?[0-9]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}$/u,
    fits: plain => 97 - Number(BigInt(plain.slice(0, 13)) % 97n) === Number(plain.slice(13)),
  },
  { country: 'CH', units: [16], shape: /^756\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}$/u, fits: plain => isEan(digitsOf(plain)) },
  { country: 'CN', units: [18], shape: /^[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx]$/u, fits: isChinese },
  {
    country: 'IN',
    units: [14],
    shape: /^[2-9][0-9]{3} [0-9]{4} [0-9]{4}$/u,
    fits: plain => isVerhoeff(digitsOf(plain)),
  },
]

const checksByUnits = new Map<number, Check[]>()
for (const check of checks)
  for (const units of check.units) checksByUnits.set(units, [...(checksByUnits.get(units) ?? []), check])

function isDate(day: string, month: number): boolean {
  return Number(day) >= 1 && Number(day) <= 31 && month >= 1 && month <= 12
}

function cpfDigit(digits: readonly number[], n: number): boolean {
  let sum = 0
  for (let i = 0; i < n; i++) sum += (digits[i] ?? 0) * (n + 1 - i)
  return ((sum * 10) % 11) % 10 === digits[n]
}

function isSpanish(plain: string): boolean {
  const number = plain.slice(0, -1).replace(/^[XYZ]/u, letter => String('XYZ'.indexOf(letter)))
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(number) % 23] === plain.at(-1)
}

function isPesel(digits: readonly number[]): boolean {
  return (10 - (weighed(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === digits[10]
}

const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]

function isItalian(plain: string): boolean {
  let sum = 0
  for (let i = 0; i < 15; i++) {
    const value = Number.parseInt(plain.charAt(i), 36)
    const place = value > 9 ? value - 10 : value
    sum += i % 2 === 0 ? (odd[place] ?? 0) : place
  }
  return String.fromCharCode(65 + (sum % 26)) === plain.at(-1)
}

function isEan(digits: readonly number[]): boolean {
  return (10 - (weighed(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 === digits[12]
}

function isChinese(plain: string): boolean {
  if (!isDate(plain.slice(12, 14), Number(plain.slice(10, 12)))) return false
  const sum = weighed(digitsOf(plain.slice(0, 17)), [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
  return '10X98765432'[sum % 11] === plain.at(-1)
}

// Verhoeff's dihedral group as arithmetic: five turns and their mirror images.
function isVerhoeff(digits: readonly number[]): boolean {
  let check = 0
  for (const [i, digit] of digits.toReversed().entries()) check = multiplied(check, permuted(digit, i % 8))
  return check === 0
}

function multiplied(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5)
  return b < 5 ? 5 + ((a - b + 5) % 5) : (a - b + 5) % 5
}

const turn = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]

function permuted(digit: number, times: number): number {
  let here = digit
  for (let i = 0; i < times; i++) here = turn[here] ?? 0
  return here
}
