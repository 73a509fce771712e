import type { Span } from './view.ts'

/** A run of bytes that were written out in another way than base64 or hex. */
export type Written = { readonly span: Span; readonly bytes: Buffer }

export const writtenBounds = { runs: 256 } as const

const least = 16
const numbers = /(?<![\d.,:])(?:\d{2,3}[ ,;\n]{1,2}){15,8000}\d{2,3}(?![\d.:])/gu
const bits = /(?<![\d.])(?:[01]{8}[ ,;\n]{1,2}){9,8000}[01]{8}(?!\d)/gu
const quoted = /(?:=[0-9A-F]{2}(?:=\r?\n)?){10,8000}/uy

/** Numbers of characters (`73, 103, 110`), in tens or in bits, and quoted-printable. */
export function* writtenIn(text: string, hasNumbers: boolean): Generator<Written> {
  let left: number = writtenBounds.runs
  if (hasNumbers)
    for (const { pattern, base } of ways)
      for (const { 0: run, index } of text.matchAll(pattern)) {
        if (--left < 0) return
        const bytes = bytesOf(run, base)
        if (bytes !== undefined) yield { span: [index, index + run.length], bytes }
      }
  for (const span of quotedIn(text)) {
    if (--left < 0) return
    yield { span, bytes: Buffer.from(text.slice(...span).replaceAll(/=\r?\n|=/gu, ''), 'hex') }
  }
}

const ways = [
  { pattern: numbers, base: 10 },
  { pattern: bits, base: 2 },
] as const
const equals = 61

function* quotedIn(text: string): Generator<Span> {
  for (let at = text.indexOf('='), end = 0; at >= 0; at = text.indexOf('=', Math.max(end, at + 1))) {
    // Signs are common, and one three places on is not: most are told by that.
    if (text.charCodeAt(at + 3) !== equals || text.charCodeAt(at + 6) !== equals) continue
    quoted.lastIndex = at
    const run = quoted.exec(text)?.[0]
    if (run === undefined) continue
    end = at + run.length
    yield [at, end]
  }
}

/** Undefined where one is no character: tables of numbers are not bytes. */
function bytesOf(run: string, base: number): Buffer | undefined {
  const values = run.split(/[ ,;\n]{1,2}/u)
  if (values.length < (base === 2 ? 10 : least)) return undefined
  const bytes = Buffer.alloc(values.length)
  for (const [i, value] of values.entries()) {
    const byte = Number.parseInt(value, base)
    if ((byte < 32 && byte !== 10 && byte !== 13) || byte > 126) return undefined
    bytes[i] = byte
  }
  return bytes
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The bytes of a run of capitals and figures, undefined where it cannot be base32. */
export function base32Bytes(run: string): Buffer | undefined {
  // A long word in capitals has no figures.
  if (!/^[A-Z2-7]{32,}=*$/u.test(run) || !/[2-7]/u.test(run)) return undefined
  const letters = run.replace(/=+$/u, '')
  const out = Buffer.alloc(Math.floor((letters.length * 5) / 8))
  let [held, count, at] = [0, 0, 0]
  for (const letter of letters) {
    held = ((held << 5) | alphabet.indexOf(letter)) & 0xfff
    count += 5
    if (count < 8) continue
    count -= 8
    out[at++] = (held >> count) & 0xff
  }
  return out
}
