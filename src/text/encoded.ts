import { unzipSync } from 'node:zlib'
import { runsIn } from './run.ts'
import type { Traits } from './traits.ts'
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
    const text =
      (isHex ? textOf(Buffer.from(run.replaceAll(/\s/gu, ''), 'hex')) : undefined) ?? decodeBase64(run, tally)
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
  const whole = decodeAligned(run.replaceAll(/\s/gu, ''), tally)
  if (whole !== undefined) return whole
  // A path, a prefix or a word of the next line may stand beside the run in the same alphabet: `note:///4967…`,
  // `x-data/SWdub3Jl…`. Slashes also belong to base64, so the run is tried with them first.
  const parts = [run.replace(/^[/_-]+/u, ''), ...run.split(/\s+/u), ...run.split(/[\s/_-]/u)]
  const apart = [...new Set(parts)].filter(part => part.length >= 20 && part.length < run.length)
  return apart.slice(0, partsMax).reduce<string | undefined>((got, part) => got ?? decodePart(part, tally), undefined)
}

const partsMax = 12

function decodePart(part: string, tally: Tally): string | undefined {
  const isHex = part.length % 2 === 0 && /^[0-9a-fA-F]+$/u.test(part)
  return (isHex ? textOf(Buffer.from(part, 'hex')) : undefined) ?? decodeAligned(part, tally)
}

function decodeAligned(run: string, tally: Tally): string | undefined {
  const body = run.replaceAll('-', '+').replaceAll('_', '/')
  if (/^(?:H4sI|eJ|eN|eA|eF)/u.test(body)) {
    const unpacked = unpack(Buffer.from(body, 'base64'), tally)
    if (unpacked !== undefined) return unpacked
  }
  // A picture is recognised by its first bytes; text that starts later in a long run by a sample of each part.
  for (let at = 0; at < body.length; at += sampleEvery) {
    const sample = Buffer.from(body.slice(at, at + sampleUnits), 'base64')
    if (isPrintable(sample, Math.max(0, sample.length - 3))) return textOf(Buffer.from(body.slice(at), 'base64'))
  }
  return undefined
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

function isPrintable(bytes: Buffer, end: number): boolean {
  let strange = 0
  for (let i = 0; i < end; i++) {
    const byte = bytes[i] ?? 0
    // A zero in every second place is UTF-16.
    if (byte === 0 && i % 2 === 1) continue
    if ((byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 0x7f || byte === 0xff) strange++
  }
  return end > 0 && strange * 12 <= end
}
