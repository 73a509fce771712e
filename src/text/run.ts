import { unitsOf } from './units.ts'
import type { Span } from './view.ts'

const [none, digit, hexLetter, letter, sign] = [0, 1, 2, 3, 4] as const
const classes = new Uint8Array(0x10000)
for (let c = 0; c < 128; c++) {
  const text = String.fromCharCode(c)
  if (/[0-9]/u.test(text)) classes[c] = digit
  else if (/[a-fA-F]/u.test(text)) classes[c] = hexLetter
  else if (/[g-zG-Z]/u.test(text)) classes[c] = letter
  else classes[c] = /[+/_-]/u.test(text) ? sign : none
}

const least = 20
const padding = 61
// Stands for what lies outside of the text, and has no class.
const beyond = 0xffff
// Encoders break long runs into lines; only a long line is continued, so that no word below it is taken along.
const lineUnits = 20

/** Runs of the alphabets of base64 and hex, found by hand: a pattern would take ten times as long. */
export function* runsIn(text: string): Generator<{ readonly span: Span; readonly isHex: boolean }> {
  const units = unitsOf(text)
  // A run covers one of any `least` places in a row: only there is it looked for, and its start from there.
  for (let done = 0, probe = least - 1; probe < units.length; probe = Math.max(done, probe) + least - 1) {
    let from = probe
    while (from >= done && units[from] === padding) from--
    const last = from
    while (from >= done && classAt(units, from) !== none) from--
    if (from === last) {
      done = probe + 1
      continue
    }
    const { end, isHex } = runFrom(units, from + 1)
    if (end - from > least) yield { span: [from + 1, end], isHex }
    done = end
  }
}

/** Where a run ends that begins here, padding included. */
function runFrom(units: Uint16Array, from: number): { readonly end: number; readonly isHex: boolean } {
  let [at, line, isHex] = [from, from, true]
  for (;;) {
    const kind = classAt(units, at)
    if (kind === none) {
      const unit = units[at]
      const next = unit === 13 ? at + 2 : at + 1
      if ((unit !== 10 && unit !== 13) || at - line < lineUnits || classAt(units, next) === none) break
      at = line = next
      continue
    }
    if (kind > hexLetter) isHex = false
    at++
  }
  while (units[at] === padding) at++
  return { end: at, isHex }
}

function classAt(units: Uint16Array, at: number): number {
  return classes[units[at] ?? beyond] ?? none
}
