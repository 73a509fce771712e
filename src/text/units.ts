/**
 * The UTF-16 units of a text in an array: asking a string for one of them costs several times as much, and every pass
 * over a text asks for all of them. The last few are kept, because one text is read by several passes in a row.
 */
export function unitsOf(text: string): Uint16Array {
  const isKept = text.length >= keptUnitsMin && text.length <= keptUnitsMax
  if (isKept) for (const each of kept) if (each.text === text) return each.units
  const units = new Uint16Array(text.length)
  for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i)
  if (isKept) {
    kept[next] = { text, units }
    next = (next + 1) % keptMax
  }
  return units
}

const keptMax = 8
/** Shorter ones cost nothing to copy, and would push the long ones out. */
const keptUnitsMin = 256
/** Longer ones are made anew for each pass: what is kept is not given back until other texts come. */
const keptUnitsMax = 524_288

let next = 0
const kept: { readonly text: string; readonly units: Uint16Array }[] = []
