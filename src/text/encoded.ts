import { runsIn } from './run.ts'
import type { Traits } from './traits.ts'
import { unitsOf } from './units.ts'
import { rewriterOf, type Span, type View } from './view.ts'
import { base32Bytes, writtenIn } from './written-bytes.ts'

const encodedBounds = { unpackedBytes: 262_144, runs: 4096 } as const

/** What was found encoded in a text; `left` counts what looked packed but could not be read within the bounds. */
export type Decoded = { readonly view: View | undefined; readonly left: number }

const hexPairs = /(?:\\x|0x)?[0-9a-fA-F]{2}(?:(?:[ :,-]|\\x|, ?0x)[0-9a-fA-F]{2}){9,}/gu

/** Base64, hex and gzip runs that hold text, and bytes that were written otherwise, decoded and put below each other. */
export function decodedRuns(
  view: View,
  { hasPairs, hasNumbers }: Pick<Traits, 'hasPairs' | 'hasNumbers'> = { hasPairs: true, hasNumbers: true },
): Decoded {
  const out = rewriterOf(view)
  const tally = { left: 0, runs: 0 }
  const source = sourceOf(view.text)
  for (const { span, isHex } of runsIn(view.text)) {
    if (++tally.runs > encodedBounds.runs) {
      tally.left++
      break
    }
    const text = decodeRun(source, span, { isHex, tally }) ?? base32Text(view.text.slice(...span))
    if (text !== undefined) out.put(`${text}\n`, span[0], span[1])
  }
  const mayHoldPairs = hasPairs || view.text.includes('0x') || view.text.includes('\\x')
  for (const found of mayHoldPairs ? view.text.matchAll(hexPairs) : []) {
    if (++tally.runs > encodedBounds.runs) break
    const text = textOf(Buffer.from(found[0].replaceAll(/\\x|0x|[^0-9a-fA-F]/gu, ''), 'hex'))
    if (text !== undefined) out.put(`${text}\n`, found.index, found.index + found[0].length)
  }
  for (const { span, bytes } of writtenIn(view.text, hasNumbers)) {
    const text = textOf(bytes)
    if (text !== undefined) out.put(`${text}\n`, span[0], span[1])
  }
  const made = out.done('encoded')
  return { view: made === undefined || made.text === '' ? undefined : made, left: tally.left }
}

function base32Text(run: string): string | undefined {
  const bytes = base32Bytes(run)
  return bytes === undefined ? undefined : textOf(bytes)
}

type Tally = { left: number; runs: number }
/** A text with its units: most runs are no text, and are told from their units alone. */
type Source = { readonly text: string; readonly units: Uint16Array }

function sourceOf(text: string): Source {
  return { text, units: unitsOf(text) }
}

const sampleUnits = 48
const sampleEvery = 3000

function decodeRun(source: Source, span: Span, { isHex, tally }: { isHex: boolean; tally: Tally }): string | undefined {
  const breaks = hasBreak(source, span)
  const whole = breaks ? sourceOf(source.text.slice(...span).replaceAll(/\s/gu, '')) : source
  const inWhole: Span = breaks ? [0, whole.text.length] : span
  const text = (isHex ? hexText(whole.text.slice(...inWhole)) : undefined) ?? decodeAligned(whole, inWhole, tally)
  if (text !== undefined) return text
  // A path, a prefix or a word of the next line may stand beside the run in the same alphabet: `note:///4967…`,
  // `x-data/SWdub3Jl…`. Slashes also belong to base64, so the run is tried with them first.
  const parts: Span[] = [[leading(source, span), span[1]]]
  if (breaks) addLongParts(parts, source, { span, isBetween: isBreak })
  addLongParts(parts, source, { span, isBetween: isSeparator })
  return decodeParts(
    source,
    parts.filter(([from, to]) => to - from >= partUnits && to - from < span[1] - span[0]),
    tally,
  )
}

const partsMax = 12
const partUnits = 20

function decodeParts(source: Source, parts: readonly Span[], tally: Tally): string | undefined {
  const tried: string[] = []
  for (const span of parts) {
    const part = source.text.slice(...span)
    if (tried.includes(part)) continue
    if (tried.push(part) > partsMax) break
    const isHex = part.length % 2 === 0 && /^[0-9a-fA-F]+$/u.test(part)
    const text = (isHex ? hexText(part) : undefined) ?? decodeAligned(source, span, tally)
    if (text !== undefined) return text
  }
  return undefined
}

function hasBreak({ units }: Source, [from, to]: Span): boolean {
  for (let at = from; at < to; at++) if (isBreak(units[at] ?? 0)) return true
  return false
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

function leading({ units }: Source, [from, to]: Span): number {
  let at = from
  while (at < to && isJoint(units[at] ?? 0)) at++
  return at
}

type Division = { readonly span: Span; readonly isBetween: (unit: number) => boolean }

/** What stands between separators, where it is long enough to be asked: most of a path is not. */
function addLongParts(parts: Span[], { units }: Source, { span: [start, end], isBetween }: Division): void {
  let from = start
  for (let at = start; at <= end; at++) {
    if (at < end && !isBetween(units[at] ?? 0)) continue
    if (at - from >= partUnits) parts.push([from, at])
    from = at + 1
  }
}

function hexText(run: string): string | undefined {
  return textOf(Buffer.from(run, 'hex'))
}

/** Either alphabet of base64: Node reads both. */
function decodeAligned(source: Source, [from, to]: Span, tally: Tally): string | undefined {
  const { text } = source
  if (packed.test(text.slice(from, from + 4))) {
    const unpacked = unpack(Buffer.from(text.slice(from, to), 'base64'), tally)
    if (unpacked !== undefined) return unpacked
  }
  // A picture is recognised by its first bytes; text that starts later in a long run by a sample of each part.
  for (let at = from; at < to; at += sampleEvery) {
    const broken = brokenIn(source, at, to)
    if (broken < 0) continue
    // Bytes that are letters for long enough may still be no characters, of which a text may hold few.
    const isText = broken * strangeShare <= (to - at) * bytesPerUnit
    return isText ? textOf(Buffer.from(text.slice(at, to), 'base64')) : undefined
  }
  return undefined
}

// What base64 makes of the first bytes of gzip and of zlib.
const packed = /^(?:H4sI|eJ|eN|eA|eF)/u

const bitsOf = new Uint8Array(0x10000).fill(64)
for (const [i, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  bitsOf[character.charCodeAt(0)] = i
bitsOf[0x2d] = 62
bitsOf[0x5f] = 63

const bytesPerUnit = 0.75

/**
 * How many broken characters the first bytes from there hold at least, but for the last three bytes, or -1 where they
 * are not printable. Decoded by hand, for most runs are no text, and end here.
 */
function brokenIn({ units }: Source, from: number, to: number): number {
  const most = Math.min(to, from + sampleUnits)
  let end = from
  while (end < most && (bitsOf[units[end] ?? 0] ?? 64) < 64) end++
  const bytes = (((end - from) * 6) >> 3) - 3
  let [strange, broken, before] = [0, 0, 0]
  // What begins as UTF-16 is looked at as such, since half of a character may be any number.
  let zeros = 0
  for (let i = 0, at = from, bits = 0, count = 0; i < bytes; at++) {
    bits = (bits << 6) | (bitsOf[units[at] ?? 0] ?? 0)
    count += 6
    if (count < 8) continue
    count -= 8
    const byte = (bits >> count) & 0xff
    // A zero in every second place is UTF-16, which has no such characters.
    if (byte === 0 && i % 2 === 1) {
      broken = Number.NEGATIVE_INFINITY
      if (i < 4) zeros++
    } else if (zeros < 2 && isStrange(byte) && ++strange * 12 > bytes) return -1
    // A first byte that nothing continues, or one that continues nothing.
    if (before >= 0xc0 ? byte >> 6 !== 2 : before < 0x80 && byte >> 6 === 2) broken++
    before = byte
    i++
  }
  // Of fewer it is not seen whether they are UTF-16.
  return bytes > 0 ? Math.max(0, bytes < 4 ? 0 : broken) : -1
}

function isStrange(byte: number): boolean {
  return (byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 0x7f || byte === 0xff
}

function unpack(bytes: Buffer, tally: Tally): string | undefined {
  try {
    return textOf(
      process.getBuiltinModule('node:zlib').unzipSync(bytes, { maxOutputLength: encodedBounds.unpackedBytes }),
    )
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
/** One in so many characters may be strange. */
const strangeShare = 20

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
  if (strange * strangeShare <= text.length && letters * 2 >= text.length) return text
  // Bytes that are printable to the last were written: so look escapes, digits for letters, and letters spaced out.
  return strange === 0 && wide === 0 && text.length >= plainUnits ? text : undefined
}
