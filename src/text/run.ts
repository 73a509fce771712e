import type { Span } from './view.ts'

const [none, digit, hexLetter, letter, sign] = [0, 1, 2, 3, 4] as const
const classes = new Uint8Array(128)
for (let c = 0; c < 128; c++) {
  const text = String.fromCharCode(c)
  if (/[0-9]/u.test(text)) classes[c] = digit
  else if (/[a-fA-F]/u.test(text)) classes[c] = hexLetter
  else if (/[g-zG-Z]/u.test(text)) classes[c] = letter
  else classes[c] = /[+/_-]/u.test(text) ? sign : none
}

const least = 20
// Encoders break long runs into lines; only a long line is continued, so that no word below it is taken along.
const lineUnits = 20

/** Runs of the alphabets of base64 and hex, found by hand: a pattern would take ten times as long. */
export function* runsIn(text: string): Generator<{ readonly span: Span; readonly isHex: boolean }> {
  for (let at = 0; at < text.length; at++) {
    if (classOf(text, at) === none) continue
    const from = at
    let isHex = true
    let line = at
    for (;;) {
      const kind = classOf(text, at)
      if (kind === none) {
        const next = text[at] === '\r' ? at + 2 : at + 1
        if ((text[at] !== '\n' && text[at] !== '\r') || at - line < lineUnits || classOf(text, next) === none) break
        at = line = next
        continue
      }
      if (kind > hexLetter) isHex = false
      at++
    }
    while (text[at] === '=') at++
    if (at - from >= least) yield { span: [from, at], isHex }
  }
}

function classOf(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < 128 ? (classes[code] ?? none) : none
}
