import { foldedRanges, foldedUnits, isGap, isLetter } from './alphabet.ts'

/** A word or phrase to look for. A trailing `*` leaves its end open: `instruc*`. */
export type Literal = { readonly text: string; readonly id: number }

export type Hit = (id: number, from: number, to: number) => void

export type Automaton = {
  readonly states: number
  /** Finds every literal in one pass. `isLoose` also finds them inside words, for text whose words were lost. */
  scan(text: string, hit: Hit, isLoose?: boolean): void
}

type Entry = {
  readonly symbols: readonly number[]
  readonly id: number
  readonly isOpen: boolean
  readonly isShort: boolean
}

const space = 1

/** One machine (Aho-Corasick, complete transitions) for all literals: time is linear whatever the text. */
export function automatonOf(literals: readonly Literal[]): Automaton {
  const symbolOf = new Uint16Array(0x10000)
  const entries = literals.map(literal => entryOf(literal, symbolOf))
  addVariants(symbolOf)
  const width = Math.max(space, ...symbolOf.subarray(0, 0x10000).filter((_, code) => symbolOf[code] !== 0)) + 1
  const trie = trieOf(entries, width)
  const scan = (text: string, hit: Hit, isLoose = false): void => {
    const { next, firstOut, outs } = trie
    let state = 0
    let wasGap = true
    for (let i = 0; i < text.length; i++) {
      const symbol = symbolOf[text.charCodeAt(i)] ?? 0
      if (symbol === space) {
        if (wasGap) continue
        wasGap = true
      } else wasGap = false
      state = next[state * width + symbol] ?? 0
      for (let out = firstOut[state] ?? 0; out !== 0; out = outs[out]?.rest ?? 0) {
        const entry = outs[out]?.entry
        if (entry !== undefined) report(entry, { text, symbolOf, end: i + 1, isLoose }, hit)
      }
    }
  }
  return { states: trie.states, scan }
}

function entryOf({ text, id }: Literal, symbolOf: Uint16Array): Entry {
  const isOpen = text.endsWith('*')
  const bare = (isOpen ? text.slice(0, -1) : text).trim()
  if (bare === '') throw new Error('a literal needs at least one character')
  const symbols: number[] = []
  for (let i = 0; i < bare.length; i++) {
    const code = bare.charCodeAt(i)
    if (isGap(code)) symbols.push(space)
    else {
      const unit = foldedUnits(code)[0] ?? code
      if (symbolOf[unit] === 0) symbolOf[unit] = 2 + countSymbols(symbolOf)
      symbols.push(symbolOf[unit] ?? 0)
    }
  }
  const isShort = symbols.length < 5
  return { symbols: symbols.filter((symbol, i) => symbol !== space || symbols[i - 1] !== space), id, isOpen, isShort }
}

const counts = new WeakMap<Uint16Array, number>()

function countSymbols(symbolOf: Uint16Array): number {
  const count = counts.get(symbolOf) ?? 0
  counts.set(symbolOf, count + 1)
  return count
}

function addVariants(symbolOf: Uint16Array): void {
  for (const [from, to] of foldedRanges)
    for (let code = from; code <= to; code++) {
      const folded = foldedUnits(code)[0] ?? code
      if (symbolOf[code] === 0) symbolOf[code] = symbolOf[folded] ?? 0
    }
  for (let code = 0; code < 0x3001; code++) if (isGap(code)) symbolOf[code] = space
}

type Out = { readonly entry: Entry; readonly rest: number }
type Trie = {
  readonly states: number
  readonly next: Uint16Array
  readonly firstOut: Uint16Array
  readonly outs: readonly (Out | undefined)[]
}

const statesMax = 65_535

function trieOf(entries: readonly Entry[], width: number): Trie {
  const states = 1 + entries.reduce((sum, { symbols }) => sum + symbols.length, 0)
  if (states > statesMax || entries.length > statesMax) throw new Error(`too many literals: ${states} states`)
  const next = new Uint16Array(states * width)
  const own: Entry[][] = [[]]
  let used = 1
  for (const entry of entries) {
    let state = 0
    for (const symbol of entry.symbols) {
      const at = state * width + symbol
      if (next[at] === 0) {
        own[used] = []
        next[at] = used++
      }
      state = next[at] ?? 0
    }
    own[state]?.push(entry)
  }
  return { states: used, next: next.subarray(0, used * width), ...complete(next, width, own) }
}

/** Turns the trie into a machine that never steps back, breadth first; outputs are shared along the suffix links. */
function complete(next: Uint16Array, width: number, own: readonly (readonly Entry[])[]) {
  const fail = new Uint16Array(own.length)
  const firstOut = new Uint16Array(own.length)
  const outs: (Out | undefined)[] = [undefined]
  const queue = [0]
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] ?? 0
    const back = fail[state] ?? 0
    let rest = state === 0 ? 0 : (firstOut[back] ?? 0)
    for (const entry of own[state] ?? []) rest = outs.push({ entry, rest }) - 1
    firstOut[state] = rest
    for (let symbol = 1; symbol < width; symbol++) {
      const at = state * width + symbol
      const child = next[at] ?? 0
      const aside = state === 0 ? 0 : (next[back * width + symbol] ?? 0)
      if (child === 0) next[at] = aside
      else {
        fail[child] = aside
        queue.push(child)
      }
    }
  }
  return { firstOut, outs }
}

type Place = { readonly text: string; readonly symbolOf: Uint16Array; readonly end: number; readonly isLoose: boolean }

function report(entry: Entry, { text, symbolOf, end, isLoose }: Place, hit: Hit): void {
  let from = end
  for (let left = entry.symbols.length; left > 0; left--) {
    from--
    if (symbolOf[text.charCodeAt(from)] === space)
      while (from > 0 && left > 1 && symbolOf[text.charCodeAt(from - 1)] === space) from--
  }
  const isFree = isLoose && !entry.isShort
  if (!isFree && isLetter(text.charCodeAt(from)) && from > 0 && isLetter(text.charCodeAt(from - 1))) return
  const isEndOpen = entry.isOpen || isFree || end >= text.length
  if (!isEndOpen && isLetter(text.charCodeAt(end - 1)) && isLetter(text.charCodeAt(end))) return
  hit(entry.id, from, end)
}
