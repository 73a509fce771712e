import { unitsOf } from './units.ts'
import { type Rewriter, rewriterOf, type Span, type View } from './view.ts'

const spaced = /(?<![A-Za-z])[A-Za-z](?:[ .*_·|-]{1,3}[A-Za-z](?![A-Za-z])){5,}/gu
const wordUnits = 20
const marksOnly = /^ {1,3}[^\p{L} ][^\p{L}]{0,40}$/u

// What each ASCII unit is read as: letters as themselves, digits and signs as the letters they resemble, 0 for the rest.
const readAs = new Uint8Array(0x10000)
for (let c = 0; c < 26; c++) readAs[65 + c] = readAs[97 + c] = 97 + c
for (const [sign, read] of Object.entries({ 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b', 9: 'g' }))
  readAs[sign.charCodeAt(0)] = read.charCodeAt(0)
for (const [sign, read] of ['@a', '$s', '!i', '|l', '+t']) readAs[sign?.charCodeAt(0) ?? 0] = read?.charCodeAt(0) ?? 0

/** Letters set apart joined to words, and digits that stand for letters read as letters. */
export function joinedView(view: View): View | undefined {
  const out = rewriterOf(view)
  let kept = 0
  for (const found of view.text.matchAll(spaced)) {
    joinMarks(out, view.text, [kept, found.index])
    const end = found.index + found[0].length
    for (const unit of found[0].matchAll(/[A-Za-z]|[^A-Za-z]{2,}/gu)) {
      const from = found.index + unit.index
      if (unit[0].length === 1) out.copy(from, from + 1)
      else out.put(' ', from, from + unit[0].length)
    }
    kept = end
  }
  joinMarks(out, view.text, [kept, view.text.length])
  return kept === 0 ? undefined : out.done('letters')
}

/** Marks between two such words are set apart like their letters: without those spaces a quote opens and a sentence ends. */
function joinMarks(out: Rewriter, text: string, [from, to]: Span): void {
  const gap = text.slice(from, to)
  if (from === 0 || !marksOnly.test(gap)) out.copy(from, to)
  else
    for (const { 0: run, index } of gap.matchAll(/ +|[^ ]+/gu)) {
      const at = from + index
      if (!run.startsWith(' ')) out.copy(at, at + run.length)
      else if (run.length > 1) out.put(' ', at, at + run.length)
    }
}

/** Only the stretches where such words stand close together: one `utf8` or `x86` is no disguise. */
export function undigitedView(view: View): View | undefined {
  const { text } = view
  const units = unitsOf(text)
  const words = digitWordsOf(units)
  const out = rewriterOf(view)
  let kept = 0
  for (let i = 0; i < words.length; i += 2) {
    if (!isAmongOthers(words, i)) continue
    const from = words[i] ?? 0
    const end = words[i + 1] ?? 0
    if (from - kept > closeUnits * 2) {
      if (kept > 0) out.copy(kept, kept + closeUnits)
      out.put('\n', from - closeUnits, from - closeUnits)
      kept = from - closeUnits
    }
    out.copy(kept, from)
    out.put(lettersOf(units, from, end), from, end)
    kept = end
  }
  if (kept === 0) return undefined
  out.copy(kept, Math.min(text.length, kept + closeUnits))
  return out.done('letters')
}

const closeUnits = 100

/** Whether two more such words stand close: both before, both after, or one on each side. */
function isAmongOthers(words: readonly number[], i: number): boolean {
  const from = words[i] ?? 0
  const isBefore = i >= 2 && from - (words[i - 2] ?? 0) <= closeUnits
  const isAfter = i + 2 < words.length && (words[i + 2] ?? 0) - from <= closeUnits
  if (isBefore && isAfter) return true
  if (isBefore) return i >= 4 && from - (words[i - 4] ?? 0) <= closeUnits
  return isAfter && i + 4 < words.length && (words[i + 4] ?? 0) - from <= closeUnits
}

/** Where they begin and end, two numbers each. */
function digitWordsOf(units: Uint16Array): number[] {
  const words: number[] = []
  for (let at = 0; at < units.length; at++) {
    const from = at
    while (at < units.length && isLatin(units[at] ?? 0)) at++
    // Most words have no sign in them, and are done here.
    if (at >= units.length || readAs[units[at] ?? 0] === 0) continue
    let signs = 0
    for (; at < units.length && readAs[units[at] ?? 0] !== 0; at++) if (!isLatin(units[at] ?? 0)) signs++
    const letters = at - from - signs
    const end = units[at - 1] === 33 ? at - 1 : at
    const isWord = letters > 0 && signs > (end < at ? 1 : 0) && at - from <= wordUnits
    const next = at < units.length ? units[at] : 0
    // `2` and `6` resemble no letter: a word that goes on with one is a number or a name.
    if (isWord && next !== 50 && next !== 54) words.push(from, end)
  }
  return words
}

function isLatin(code: number): boolean {
  const lower = code | 0x20
  return lower >= 97 && lower <= 122
}

const one = 49
const codes = Buffer.alloc(wordUnits)

/** Written as bytes, for letters joined one by one are a string each. */
function lettersOf(units: Uint16Array, from: number, end: number): string {
  for (let at = from; at < end; at++) {
    const code = units[at] ?? 0
    const isPair = code === one && ((at + 1 < end && units[at + 1] === one) || (at > from && units[at - 1] === one))
    codes[at - from] = isPair ? 108 : (readAs[code] ?? code)
  }
  return codes.toString('latin1', 0, end - from)
}

/** Each letter moved by thirteen places. */
export function rot13View(view: View): View {
  const text = view.text.replaceAll(/[A-Za-z]/gu, unit => {
    const code = unit.charCodeAt(0)
    return String.fromCharCode((code & 0x20 ? 97 : 65) + (((code | 0x20) - 97 + 13) % 26))
  })
  return { text, channel: 'rot13', parent: view, pieces: whole(view) }
}

/** Read from the end; each line on its own, so that the order of lines stays. */
export function reversedView(view: View): View {
  const out = rewriterOf(view)
  for (const line of view.text.matchAll(/[^\n]+|\n/gu)) out.mirror(line.index, line.index + line[0].length)
  return out.done('reversed') ?? view
}

function whole(view: View) {
  return { at: [0], from: [0], to: [view.text.length], step: [1 as const] }
}
