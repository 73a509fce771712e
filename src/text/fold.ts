import { kindOf, kinds, latinFor, plainFor } from './code-point.ts'
import { unitsOf } from './units.ts'
import { type Rewriter, rewriterOf, type View } from './view.ts'

/**
 * The text as an eye or a tokeniser takes it: no invisible characters, compatibility forms made plain, look-alike
 * letters of other scripts made Latin in words that mix scripts, terminal sequences gone, hidden tag characters shown.
 * `from`: where the first of them may stand.
 */
export function foldedView(view: View, from = 0): View | undefined {
  const { text } = view
  const out = rewriterOf(view)
  const units = unitsOf(text)
  let isLatinText: boolean | undefined
  let kept = 0
  let at = from
  while (at < units.length) {
    const code = units[at] ?? 0
    if (plainUnits[code] === 1) {
      at++
      continue
    }
    if (isPlain(code)) {
      plainUnits[code] = 1
      continue
    }
    // Only look-alikes ask what the text as a whole is written in.
    if (kindOf(code) === kinds.lookalike) isLatinText ??= isMostlyLatin(units)
    const end = foldAt({ text, at, kept, out, isLatinText: isLatinText ?? false })
    if (end.isChanged) kept = end.at
    at = end.at
  }
  out.copy(kept, text.length)
  return out.done('folded')
}

/** Units that were found to be plain: nearly all of a text, and told by one look here. */
const plainUnits = new Uint8Array(0x10000)

function isPlain(code: number): boolean {
  if (code < 0x80) return code !== 0x1b && (code >= 0x20 || code === 10 || code === 9 || code === 13)
  // The first half of a pair says nothing of the character.
  return (code < 0xd800 || code >= 0xdc00) && kindOf(code) === kinds.plain
}

type Here = { text: string; at: number; kept: number; out: Rewriter; isLatinText: boolean }
type After = { at: number; isChanged: boolean }

function foldAt(here: Here): After {
  const { text, at, out, kept } = here
  const code = text.codePointAt(at) ?? 0
  const next = at + (code > 0xffff ? 2 : 1)
  if (code < 0x80)
    return code === 0x1b ? dropSequence(here) : { at: replace(out, '', [kept, at, next]), isChanged: true }
  switch (kindOf(code)) {
    case kinds.invisible:
      return foldInvisible(here, code, next)
    case kinds.space:
      return { at: replace(out, ' ', [kept, at, next]), isChanged: true }
    case kinds.compatible:
      return { at: replace(out, plainFor(code), [kept, at, next]), isChanged: true }
    case kinds.combining:
      return { at: replace(out, '', [kept, at, next]), isChanged: true }
    case kinds.lookalike: {
      const isForeign = here.isLatinText || isBesideLatin(text, at, next)
      if (!isForeign) return { at: next, isChanged: false }
      return { at: replace(out, latinFor(code) ?? '', [kept, at, next]), isChanged: true }
    }
    default:
      return { at: next, isChanged: false }
  }
}

function replace(out: Rewriter, put: string, [kept, from, to]: [number, number, number]): number {
  out.copy(kept, from)
  out.put(put, from, to)
  return to
}

function foldInvisible({ text, at, out, kept }: Here, code: number, next: number): After {
  if (code >= 0xe0020 && code < 0xe007f)
    return { at: replace(out, String.fromCharCode(code - 0xe0000), [kept, at, next]), isChanged: true }
  if (byteOfSelector(code) >= 0) {
    const { bytes, end } = selectorRun(text, at)
    // One selector is how an emoji asks for its picture; a run of them is bytes.
    const hidden =
      bytes.length >= 4 ? new TextDecoder().decode(new Uint8Array(bytes)).replaceAll(/[\u0000-\u001f]/gu, '') : ''
    return { at: replace(out, hidden, [kept, at, end]), isChanged: true }
  }
  return { at: replace(out, '', [kept, at, next]), isChanged: true }
}

function byteOfSelector(code: number): number {
  if (code >= 0xfe00 && code <= 0xfe0f) return code - 0xfe00
  return code >= 0xe0100 && code <= 0xe01ef ? code - 0xe0100 + 16 : -1
}

function selectorRun(text: string, at: number): { bytes: number[]; end: number } {
  const bytes: number[] = []
  let end = at
  while (end < text.length) {
    const code = text.codePointAt(end) ?? 0
    const byte = byteOfSelector(code)
    if (byte < 0) break
    bytes.push(byte)
    end += code > 0xffff ? 2 : 1
  }
  return { bytes, end }
}

// CSI … final byte, OSC … BEL or ST. Bounded, so that an unfinished sequence hides nothing of what follows it.
const sequence = /\u001b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\u0007\u001b]{0,512}(?:\u0007|\u001b\\)|[@-Z\\^_])?/uy

function dropSequence({ text, at, out, kept }: Here): After {
  sequence.lastIndex = at
  const found = sequence.exec(text)?.[0] ?? '\u001b'
  const osc = found.startsWith('\u001b]') ? ` ${found.slice(2).replaceAll(/[\u0000-\u001f\\]/gu, ' ')} ` : ''
  return { at: replace(out, osc, [kept, at, at + found.length]), isChanged: true }
}

function isBesideLatin(text: string, at: number, next: number): boolean {
  for (let i = at - 1, seen = 0; i >= 0 && seen < 24; i--, seen++) {
    const code = text.charCodeAt(i)
    if (isLatin(code)) return true
    if (!isWordUnit(code)) break
  }
  for (let i = next, seen = 0; i < text.length && seen < 24; i++, seen++) {
    const code = text.charCodeAt(i)
    if (isLatin(code)) return true
    if (!isWordUnit(code)) break
  }
  return false
}

function isLatin(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}

function isWordUnit(code: number): boolean {
  return isLatin(code) || (code >= 0x80 && kindOf(code) !== kinds.space && kindOf(code) !== kinds.compatible)
}

/** Few letters of other scripts among many Latin ones: a whole word of look-alikes is then no honest word. */
function isMostlyLatin(units: Uint16Array): boolean {
  let latin = 0
  let other = 0
  for (const code of units) {
    if (code < 0x80) latin += isLatin(code) ? 1 : 0
    else if (code >= 0x370 && code < 0x590) other++
  }
  return other > 0 && latin > other * 8 && other < 200
}
