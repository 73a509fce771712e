/** Case, accents and width folded away, unit by unit, so that a literal is found however it is typed. */
export function foldedUnit(code: number): number {
  if (code < 0x80) return code >= 65 && code <= 90 ? code + 32 : code
  const lower = String.fromCharCode(code).toLowerCase()
  const parts = isAlphabetic(code) ? lower.normalize('NFKD') : lower
  const bare = parts.length === 1 ? parts : parts.replaceAll(/\p{M}/gu, '')
  return bare.length === 1 ? bare.charCodeAt(0) : code
}

/** Scripts whose letters have case, accents or two widths. */
export const foldedRanges: readonly (readonly [from: number, to: number])[] = [
  [0x20, 0x24f],
  [0x370, 0x52f],
  [0x1e00, 0x1fff],
  [0xff01, 0xff5e],
]

function isAlphabetic(code: number): boolean {
  return foldedRanges.some(([from, to]) => code >= from && code <= to)
}

/** White space, and what programs write in its place: a literal's space matches any run of these. */
export function isGap(code: number): boolean {
  return (
    code === 0x20 || (code >= 9 && code <= 13) || code === 0x5f || code === 0x2d || code === 0xa0 || code === 0x3000
  )
}

/** A letter of a script that writes words apart; beside such a letter a literal is only part of a word. */
export function isLetter(code: number): boolean {
  if (code < 0x80) return (code | 0x20) >= 97 && (code | 0x20) <= 122
  return (
    (code >= 0xc0 && code < 0x590 && code !== 0xd7 && code !== 0xf7) ||
    (code >= 0x900 && code < 0xe00 && code !== 0x964 && code !== 0x965) ||
    (code >= 0x1e00 && code < 0x2000)
  )
}
