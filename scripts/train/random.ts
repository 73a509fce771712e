/** Seeded numbers and a small grammar: `{a|b}` picks one, `<name>` picks from a list; both nest. */
export type Random = { next(): number; below(n: number): number; pick<T>(of: readonly T[]): T }

export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (n: number): number => Math.floor(next() * n)
  return {
    next,
    below,
    pick: of => {
      const one = of[below(of.length)]
      if (one === undefined) throw new Error('nothing to pick from')
      return one
    },
  }
}

export type Lists = Readonly<Record<string, readonly string[]>>

export function expand(template: string, lists: Lists, random: Random): string {
  let out = template
  for (let round = 0; round < 40; round++) {
    const choice = /\{([^{}]*\|[^{}]*)\}/u.exec(out)
    if (choice !== null) {
      out =
        out.slice(0, choice.index) +
        random.pick((choice[1] ?? '').split('|')) +
        out.slice(choice.index + choice[0].length)
      continue
    }
    // Markup is not a slot: only names of lists are.
    const slot = [...out.matchAll(/<([a-z]+)>/gu)].find(found => Object.hasOwn(lists, found[1] ?? ''))
    const list = slot === undefined ? undefined : lists[slot[1] ?? '']
    if (slot === undefined || list === undefined) return out
    out = out.slice(0, slot.index) + random.pick(list) + out.slice(slot.index + slot[0].length)
  }
  return out
}
