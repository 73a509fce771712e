/**
 * Gives the next place of any of some signs from a place on, or the length of the text; asked in ascending order. Each
 * sign is looked for natively and once: where signs are rare, that is ten times as fast as to look at every unit.
 */
export function seekerOf(text: string, signs: readonly string[]): (from: number) => number {
  const places = new Int32Array(signs.length).fill(-1)
  return from => {
    let first = text.length
    for (let i = 0; i < places.length; i++) {
      let place = places[i] ?? 0
      if (place < from) {
        const found = text.indexOf(signs[i] ?? '', from)
        place = found < 0 ? text.length : found
        places[i] = place
      }
      if (place < first) first = place
    }
    return first
  }
}
