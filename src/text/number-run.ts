import { unitsOf } from './units.ts'
import type { Span } from './view.ts'

const [none, digit, capital, separator, wordish, joint] = [0, 1, 2, 3, 4, 5] as const
const classes = new Uint8Array(128)
for (let c = 0; c < 128; c++) {
  const text = String.fromCharCode(c)
  if (/[0-9]/u.test(text)) classes[c] = digit
  else if (/[A-Z]/u.test(text)) classes[c] = capital
  else if (/[ ()]/u.test(text)) classes[c] = separator
  else if (/[a-z_]/u.test(text)) classes[c] = wordish
  else classes[c] = /[.\-/]/u.test(text) ? joint : none
}
const [plus, bracket, comma, colon] = [43, 40, 44, 58] as const

const capitalsMax = 6
const stepsLeast = 5
const stepsMax = 33

// Seven digits close together, or a bank account's length: without one of them a run is nobody's number.
const sign = /(?:[0-9][ .()/A-Z-]{0,3}){6}[0-9]|[A-Z]{2}[0-9]{2}(?:[ .()/-]{0,2}[A-Z0-9]){11}/u
// What each of them begins with after its first letters, in a form that the engine skips through ordinary text with.
const first = /[0-9][0-9A-Z .()/-]{6}/u
const firsts = new RegExp(first, 'gu')
const firstUnits = 7

/**
 * Runs that may be a number of a person: digits and capitals, with the blanks, dots, dashes, strokes and brackets that
 * people put in, at most two in a row; before the first digit a plus or up to six capitals, and a bracket. Most texts
 * hold no sign of one; in the others only the stretches around signs are read.
 */
export function numberRuns(text: string): Span[] {
  const found: Span[] = []
  const units = first.test(text) ? unitsOf(text) : nothing
  for (let end = 0; end < units.length; ) {
    firsts.lastIndex = end
    const at = firsts.test(text) ? firsts.lastIndex - firstUnits : units.length
    const start = stretchStart(units, at, end)
    end = stretchEnd(units, at)
    for (const run of runsIn(units, start, end)) if (sign.test(text.slice(...run))) found.push(run)
  }
  return found
}

const nothing = new Uint16Array(0)

// No run reaches over a place that is in none of its classes, so that each stretch can be read by itself.
function stretchStart(units: Uint16Array, at: number, least: number): number {
  let start = at
  while (start > least && isOfRun(units[start - 1] ?? 0)) start--
  return start
}

function stretchEnd(units: Uint16Array, at: number): number {
  let end = at
  while (end < units.length && isOfRun(units[end] ?? 0)) end++
  return Math.max(end, at + 1)
}

function isOfRun(code: number): boolean {
  const kind = classOf(code)
  return code === plus || (kind !== none && kind !== wordish)
}

/** Found by hand from each first digit: a pattern tries at every place. */
function runsIn(units: Uint16Array, start: number, end: number): Span[] {
  const found: Span[] = []
  let done = start
  for (let at = start; at < end; at++) {
    if (!isDigit(units[at] ?? 0)) continue
    const from = startOf(units, at, done)
    const to = from < 0 ? -1 : endOf(units, at)
    if (to < 0) continue
    found.push([from, to])
    done = to
    at = to - 1
  }
  return found
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

export function isCapital(code: number): boolean {
  return code >= 65 && code <= 90
}

/** Where the run of this first digit begins, its prefix included if that stands free; -1 if nothing stands free. */
function startOf(units: Uint16Array, first: number, done: number): number {
  const bare = first > done && units[first - 1] === bracket ? first - 1 : first
  let from = bare
  if (from > done && units[from - 1] === plus) from--
  else while (from > done && bare - from <= capitalsMax && isCapital(units[from - 1] ?? 0)) from--
  if (bare - from <= capitalsMax && isFree(units, from)) return from
  if (isFree(units, bare)) return bare
  return isFree(units, first) ? first : -1
}

function isFree(units: Uint16Array, from: number): boolean {
  const before = units[from - 1] ?? 0
  const kind = classOf(before)
  return (kind === none && before !== comma && before !== colon) || kind === separator
}

/** The last place at which the run may end: nothing that a word is made of stands after it. */
function endOf(units: Uint16Array, first: number): number {
  let [at, end] = [first + 1, -1]
  for (let step = 1; step <= stepsMax; step++) {
    if (isSeparator(units[at] ?? 0)) at += isSeparator(units[at + 1] ?? 0) ? 2 : 1
    const kind = classOf(units[at] ?? 0)
    if (kind !== digit && kind !== capital) break
    const after = classOf(units[++at] ?? 0)
    if (step >= stepsLeast && after !== digit && after !== capital && after !== wordish) end = at
  }
  return end
}

function isSeparator(code: number): boolean {
  const kind = classOf(code)
  return kind === separator || kind === joint
}

function classOf(code: number): number {
  return code < 128 ? (classes[code] ?? none) : none
}
