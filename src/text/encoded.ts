import { unzipSync } from 'node:zlib'
import { runsIn } from './run.ts'
import type { Traits } from './traits.ts'
import { unitsOf } from './units.ts'
import { rewriterOf, type View } from './view.ts'

export const encodedBounds = { unpackedBytes: 262_144, runs: 4096 } as const

/** What was found encoded in a text; `left` counts what looked packed but could not be read within the bounds. */
export type Decoded = { readonly view: View | undefined; readonly left: number }

const hexPairs = /(?:\\x|0x)?[0-9a-fA-F]{2}(?:(?:[ :,-]|\\x|, ?0x)[0-9a-fA-F]{2}){9,}/gu

/** Base64, hex and gzip runs that hold text, decoded and put below each other. */
export function decodedRuns(view: View, { hasPairs }: Pick<Traits, 'hasPairs'> = { hasPairs: true }): Decoded {
  const out = rewriterOf(view)
  const tally = { left: 0, runs: 0 }
  for (const { span, isHex } of runsIn(view.text)) {
    if (++tally.runs > encodedBounds.runs) {
      tally.left++
      break
    }
    const run = view.text.slice(...span)
    const text = (isHex ? textOf(Buffer.from(unbroken(run), 'hex')) : undefined) ?? decodeBase64(run, tally)
    if (text !== undefined) out.put(`${text}\n`, span[0], span[1])
  }
  const mayHoldPairs = hasPairs || view.text.includes('0x') || view.text.includes('\\x')
  for (const found of mayHoldPairs ? view.text.matchAll(hexPairs) : []) {
    if (++tally.runs > encodedBounds.runs) break
    const text = textOf(Buffer.from(found[0].replaceAll(/\\x|0x|[^0-9a-fA-F]/gu, ''), 'hex'))
    if (text !== undefined) out.put(`${text}\n`, found.index, found.index + found[0].length)
  }
  const made = out.done('encoded')
  return { view: made === undefined || made.text === '' ? undefined : made, left: tally.left }
}

type Tally = { left: number; runs: number }

const sampleUnits = 48
const sampleEvery = 3000

function decodeBase64(run: string, tally: Tally): string | undefined {
  const whole = decodeAligned(unbroken(run), tally)
  if (whole !== undefined) return whole
  // A path, a prefix or a word of the next line may stand beside the run in the same alphabet: `note:///4967…`,
  // `x-data/SWdub3Jl…`. Slashes also belong to base64, so the run is tried with them first.
  const units = unitsOf(run)
  const parts = new Set([run.slice(leading(units)), ...(isBroken(run) ? longParts(run, units, isBreak) : [])])
  for (const part of longParts(run, units, isSeparator)) parts.add(part)
  let left = partsMax
  for (const part of parts) {
    if (part.length < partUnits || part.length >= run.length) continue
    if (left-- <= 0) break
    const text = decodePart(part, tally)
    if (text !== undefined) return text
  }
  return undefined
}

const partsMax = 12
const partUnits = 20

function unbroken(run: string): string {
  return isBroken(run) ? run.replaceAll(/\s/gu, '') : run
}

function isBroken(run: string): boolean {
  return run.includes('\n') || run.includes('\r')
}

function isBreak(unit: number): boolean {
  return unit === 10 || unit === 13
}

function isJoint(unit: number): boolean {
  return unit === 0x2f || unit === 0x5f || unit === 0x2d
}

function isSeparator(unit: number): boolean {
  return isJoint(unit) || isBreak(unit)
}

function leading(units: Uint16Array): number {
  let at = 0
  while (at < units.length && isJoint(units[at] ?? 0)) at++
  return at
}

/** What stands between separators, where it is long enough to be asked: most of a path is not. */
function longParts(run: string, units: Uint16Array, isBetween: (unit: number) => boolean): string[] {
  const parts: string[] = []
  let from = 0
  for (let at = 0; at <= units.length; at++) {
    if (at < units.length && !isBetween(units[at] ?? 0)) continue
    if (at - from >= partUnits) parts.push(run.slice(from, at))
    from = at + 1
  }
  return parts
}

function decodePart(part: string, tally: Tally): string | undefined {
  const isHex = part.length % 2 === 0 && /^[0-9a-fA-F]+$/u.test(part)
  return (isHex ? textOf(Buffer.from(part, 'hex')) : undefined) ?? decodeAligned(part, tally)
}

/** Either alphabet of base64: Node reads both. */
function decodeAligned(run: string, tally: Tally): string | undefined {
  if (/^(?:H4sI|eJ|eN|eA|eF)/u.test(run)) {
    const unpacked = unpack(Buffer.from(run, 'base64'), tally)
    if (unpacked !== undefined) return unpacked
  }
  // A picture is recognised by its first bytes; text that starts later in a long run by a sample of each part.
  for (let at = 0; at < run.length; at += sampleEvery)
    if (isPrintable(...sampleAt(run, at))) return textOf(Buffer.from(run.slice(at), 'base64'))
  return undefined
}

const bitsOf = new Uint8Array(128).fill(64)
for (const [i, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  bitsOf[character.charCodeAt(0)] = i
bitsOf[0x2d] = 62
bitsOf[0x5f] = 63
const sample = new Uint8Array((sampleUnits / 4) * 3)

/** The first bytes from there, but for the last three: decoded by hand, for most runs are no text, and end here. */
function sampleAt(run: string, from: number): [bytes: Uint8Array, end: number] {
  const to = Math.min(run.length, from + sampleUnits)
  let [bits, count, length] = [0, 0, 0]
  for (let at = from; at < to; at++) {
    const value = bitsOf[run.charCodeAt(at)] ?? 64
    if (value === 64) break
    bits = (bits << 6) | value
    count += 6
    if (count < 8) continue
    count -= 8
    sample[length++] = (bits >> count) & 0xff
  }
  return [sample, Math.max(0, length - 3)]
}

function unpack(bytes: Buffer, tally: Tally): string | undefined {
  try {
    return textOf(unzipSync(bytes, { maxOutputLength: encodedBounds.unpackedBytes }))
  } catch (cause) {
    // Not packed after all is no news; too large to unpack is.
    if (
      cause instanceof RangeError ||
      (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE')
    )
      tally.left++
    return undefined
  }
}

const shortest = 10
const plainUnits = 24

function textOf(bytes: Buffer): string | undefined {
  if (bytes.length < shortest) return undefined
  const utf16 = bytes[1] === 0 && bytes[3] === 0 ? bytes.toString('utf16le') : undefined
  const text = utf16 ?? bytes.toString('utf8')
  let strange = 0
  let letters = 0
  let wide = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7e) wide++
    if (code === 0xfffd || (code < 0x20 && code !== 9 && code !== 10 && code !== 13) || code === 0x7f) strange++
    else if ((code | 0x20) >= 97) letters++
  }
  if (strange * 20 <= text.length && letters * 2 >= text.length) return text
  // Bytes that are printable to the last were written: so look escapes, digits for letters, and letters spaced out.
  return strange === 0 && wide === 0 && text.length >= plainUnits ? text : undefined
}

function isPrintable(bytes: Uint8Array, end: number): boolean {
  let strange = 0
  for (let i = 0; i < end; i++) {
    const byte = bytes[i] ?? 0
    // A zero in every second place is UTF-16.
    if (byte === 0 && i % 2 === 1) continue
    if ((byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 0x7f || byte === 0xff) strange++
  }
  return end > 0 && strange * 12 <= end
}
