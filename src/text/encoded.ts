import { unzipSync } from 'node:zlib'
import { runsIn } from './run.ts'
import { rewriterOf, type View } from './view.ts'

export const encodedBounds = { unpackedBytes: 262_144, runs: 4096 } as const

/** What was found encoded in a text; `left` counts what looked packed but could not be read within the bounds. */
export type Decoded = { readonly view: View | undefined; readonly left: number }

const hexPairs = /(?:\\x|0x)?[0-9a-fA-F]{2}(?:(?:[ :,-]|\\x|, ?0x)[0-9a-fA-F]{2}){9,}/gu

/** Base64, hex and gzip runs that hold text, decoded and put below each other. */
export function decodedRuns(view: View): Decoded {
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
  for (const found of view.text.matchAll(hexPairs)) {
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
  // A path or a prefix may stand before the run in the same alphabet: `x-data/SWdub3Jl…`.
  const parts = run.split(/[\s/_-]/u).filter(part => part.length >= 20 && part.length < run.length)
  return parts.slice(0, 8).reduce<string | undefined>((got, part) => got ?? decodeAligned(part, tally), undefined)
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

function textOf(bytes: Buffer): string | undefined {
  if (bytes.length < shortest) return undefined
  const utf16 = bytes[1] === 0 && bytes[3] === 0 ? bytes.toString('utf16le') : undefined
  const text = utf16 ?? bytes.toString('utf8')
  let strange = 0
  let letters = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0xfffd || (code < 0x20 && code !== 9 && code !== 10 && code !== 13) || code === 0x7f) strange++
    else if ((code | 0x20) >= 97) letters++
  }
  return strange * 20 <= text.length && letters * 2 >= text.length ? text : undefined
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
