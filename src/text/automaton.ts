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

// Symbols: 1 is any gap, 2 to 95 are ASCII, the rest are what other letters the literals use. Each state has a dense row
// for the first 96; the others are few and looked up, so that the table stays small enough for the processor's cache.
const space = 1
const dense = 96
const statesMax = 65_535

/** One machine (Aho-Corasick, complete transitions) for all literals: time is linear whatever the text. */
export function automatonOf(literals: readonly Literal[]): Automaton {
  const symbolOf = new Uint16Array(0x10000)
  for (let code = 33; code < 127; code++) symbolOf[code] = (foldedUnits(code)[0] ?? code) - 31
  const entries = entriesOf(literals, symbolOf)
  addVariants(symbolOf)
  const trie = trieOf(entries)
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
      state = symbol < dense ? (next[state * dense + symbol] ?? 0) : stepWide(trie, state, symbol)
      for (let out = firstOut[state] ?? 0; out !== 0; out = outs[out]?.rest ?? 0) {
        const entry = outs[out]?.entry
        if (entry !== undefined) report(entry, { text, symbolOf, end: i + 1, isLoose }, hit)
      }
    }
  }
  return { states: trie.states, scan }
}

function entriesOf(literals: readonly Literal[], symbolOf: Uint16Array): Entry[] {
  let used = dense
  const symbolFor = (code: number): number => {
    if (isGap(code)) return space
    const unit = foldedUnits(code)[0] ?? code
    if (symbolOf[unit] === 0) symbolOf[unit] = used++
    return symbolOf[unit] ?? 0
  }
  return literals.map(({ text, id }) => {
    const isOpen = text.endsWith('*')
    const bare = (isOpen ? text.slice(0, -1) : text).trim()
    if (bare === '') throw new Error('a literal needs at least one character')
    const all = Array.from({ length: bare.length }, (_, i) => symbolFor(bare.charCodeAt(i)))
    const symbols = all.filter((symbol, i) => symbol !== space || all[i - 1] !== space)
    return { symbols, id, isOpen, isShort: symbols.length < 5 }
  })
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
  states: number
  readonly next: Uint16Array
  /** state × 65,536 + symbol → state, for symbols beyond the dense ones. */
  readonly wide: Map<number, number>
  readonly fail: Uint16Array
  readonly firstOut: Uint16Array
  readonly outs: (Out | undefined)[]
}

function trieOf(entries: readonly Entry[]): Trie {
  const room = 1 + entries.reduce((sum, { symbols }) => sum + symbols.length, 0)
  if (room > statesMax || entries.length > statesMax) throw new Error(`too many literals: ${room} states`)
  const [fail, firstOut] = [new Uint16Array(room), new Uint16Array(room)]
  const trie: Trie = {
    states: 1,
    next: new Uint16Array(room * dense),
    wide: new Map(),
    fail,
    firstOut,
    outs: [undefined],
  }
  const own: Entry[][] = [[]]
  const children: number[][] = [[]]
  for (const entry of entries) {
    let state = 0
    for (const symbol of entry.symbols) {
      let child = childOf(trie, state, symbol)
      if (child === 0) {
        child = trie.states++
        setChild(trie, [state, symbol], child)
        own[child] = []
        children[child] = []
        children[state]?.push(symbol)
      }
      state = child
    }
    own[state]?.push(entry)
  }
  complete(trie, own, children)
  return trie
}

function childOf({ next, wide }: Trie, state: number, symbol: number): number {
  return (symbol < dense ? next[state * dense + symbol] : wide.get(state * 65_536 + symbol)) ?? 0
}

function setChild({ next, wide }: Trie, [state, symbol]: readonly [number, number], child: number): void {
  if (symbol < dense) next[state * dense + symbol] = child
  else wide.set(state * 65_536 + symbol, child)
}

/** Dense rows never step back; for the other symbols the steps back are taken here, as many as were taken forward. */
function stepWide({ wide, fail }: Trie, from: number, symbol: number): number {
  for (let state = from; ; state = fail[state] ?? 0) {
    const next = wide.get(state * 65_536 + symbol)
    if (next !== undefined) return next
    if (state === 0) return 0
  }
}

/** Turns the trie into a machine, breadth first; outputs are shared along the suffix links. */
function complete(trie: Trie, own: readonly (readonly Entry[])[], children: readonly (readonly number[])[]): void {
  const { next, fail, firstOut, outs } = trie
  const queue = [0]
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] ?? 0
    const back = fail[state] ?? 0
    let rest = state === 0 ? 0 : (firstOut[back] ?? 0)
    for (const entry of own[state] ?? []) rest = outs.push({ entry, rest }) - 1
    firstOut[state] = rest
    for (const symbol of children[state] ?? []) {
      const child = childOf(trie, state, symbol)
      if (state !== 0) fail[child] = symbol < dense ? (next[back * dense + symbol] ?? 0) : stepWide(trie, back, symbol)
      queue.push(child)
    }
    if (state === 0) continue
    for (let symbol = 1; symbol < dense; symbol++)
      if (next[state * dense + symbol] === 0) next[state * dense + symbol] = next[back * dense + symbol] ?? 0
  }
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
