import { foldedRanges, foldedUnits, isGap, isLetter } from './alphabet.ts'
import { unitsOf } from './units.ts'

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
// for the first ones; the others are few and looked up, so that the table stays small enough for the processor's cache.
const space = 1
const dense = 96
const statesMax = 32_767
/** Beside the number of a state: something ends there. */
const ending = 0x8000

/** One machine (Aho-Corasick, complete transitions) for all literals: time is linear whatever the text. */
export function automatonOf(literals: readonly Literal[]): Automaton {
  const symbolOf = new Uint16Array(0x10000)
  for (let code = 33; code < 127; code++) symbolOf[code] = (foldedUnits(code)[0] ?? code) - 31
  const entries = entriesOf(literals, symbolOf)
  addVariants(symbolOf)
  const machine = machineOf(trieOf(entries), symbolOf)
  const scan = (text: string, hit: Hit, isLoose = false): void => {
    const { next, shift, width, firstOut, outs } = machine
    const units = unitsOf(text)
    let state = 0
    for (let i = 0; i < units.length; i++) {
      const symbol = symbolOf[units[i] ?? 0] ?? 0
      const step = symbol < width ? (next[(state << shift) | symbol] ?? 0) : stepWide(machine, state, symbol)
      state = step & ~ending
      if ((step & ending) === 0) continue
      for (let out = firstOut[state] ?? 0; out !== 0; out = outs[out]?.rest ?? 0) {
        const entry = outs[out]?.entry
        if (entry !== undefined) report(entry, { units, symbolOf, end: i + 1, isLoose }, hit)
      }
    }
  }
  return { states: machine.firstOut.length, scan }
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
  /** The symbols that lead on from each state to one of its own. */
  readonly children: number[][]
}

function trieOf(entries: readonly Entry[]): Trie {
  const room = 1 + entries.reduce((sum, { symbols }) => sum + symbols.length, 0)
  const [fail, firstOut] = [new Uint16Array(room), new Uint16Array(room)]
  const trie: Trie = {
    states: 1,
    next: new Uint16Array(room * dense),
    wide: new Map(),
    fail,
    firstOut,
    outs: [undefined],
    children: [[]],
  }
  const { children } = trie
  const own: Entry[][] = [[]]
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
  // Outputs are numbered in sixteen bits, states in fifteen: the last one says whether something ends there.
  if (trie.states > statesMax || entries.length > statesMax) throw new Error(`too many literals: ${trie.states} states`)
  complete(trie, own)
  return trie
}

function childOf({ next, wide }: Trie, state: number, symbol: number): number {
  return (symbol < dense ? next[state * dense + symbol] : wide.get(state * 65_536 + symbol)) ?? 0
}

function setChild({ next, wide }: Trie, [state, symbol]: readonly [number, number], child: number): void {
  if (symbol < dense) next[state * dense + symbol] = child
  else wide.set(state * 65_536 + symbol, child)
}

function stepBack({ wide, fail }: Trie, from: number, symbol: number): number {
  for (let state = from; ; state = fail[state] ?? 0) {
    const next = wide.get(state * 65_536 + symbol)
    if (next !== undefined) return next
    if (state === 0) return 0
  }
}

/** Turns the trie into a machine, breadth first; outputs are shared along the suffix links. */
function complete(trie: Trie, own: readonly (readonly Entry[])[]): void {
  const { next, fail, firstOut, outs, children } = trie
  const endsInSpace = new Uint8Array(fail.length)
  const queue = [0]
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] ?? 0
    const back = fail[state] ?? 0
    let rest = state === 0 ? 0 : (firstOut[back] ?? 0)
    for (const entry of own[state] ?? []) rest = outs.push({ entry, rest }) - 1
    firstOut[state] = rest
    for (const symbol of children[state] ?? []) {
      const child = childOf(trie, state, symbol)
      if (state !== 0) fail[child] = symbol < dense ? (next[back * dense + symbol] ?? 0) : stepBack(trie, back, symbol)
      if (symbol === space) endsInSpace[child] = 1
      queue.push(child)
    }
    if (state === 0) continue
    for (let symbol = 1; symbol < dense; symbol++)
      if (next[state * dense + symbol] === 0) next[state * dense + symbol] = next[back * dense + symbol] ?? 0
    // A gap is any run of white space: after one, more of it changes nothing.
    if (endsInSpace[state] === 1) next[state * dense + space] = state
  }
}

type Machine = {
  readonly next: Uint16Array
  readonly shift: number
  /** Symbols below it have a place in each row. */
  readonly width: number
  readonly wide: Map<number, number>
  /** Where the root goes with each other symbol. */
  readonly wideRoot: Uint16Array
  /** The next state on the way back, or the state itself, that any other symbol leads on from. */
  readonly wideFrom: Uint16Array
  readonly wideBack: Uint16Array
  readonly firstOut: Uint16Array
  readonly outs: readonly (Out | undefined)[]
}

/**
 * The machine as it is run: states in the order of their depth, because nearly all steps are between the first few, and
 * rows only as wide as the symbols that any literal uses.
 */
function machineOf(trie: Trie, symbolOf: Uint16Array): Machine {
  const order = inOrder(trie)
  const place = new Uint16Array(trie.states)
  for (const [at, state] of order.entries()) place[state] = at
  const narrow = narrowed(trie, symbolOf)
  const shift = Math.ceil(Math.log2(narrow.width))
  const firstOut = Uint16Array.from(order, state => trie.firstOut[state] ?? 0)
  const marked = (state: number): number => (place[state] ?? 0) | (trie.firstOut[state] === 0 ? 0 : ending)
  const next = new Uint16Array(trie.states << shift)
  for (const [at, state] of order.entries())
    for (let symbol = 1; symbol < dense; symbol++) {
      const to = narrow.symbols[symbol] ?? 0
      if (to !== 0) next[(at << shift) | to] = marked(trie.next[state * dense + symbol] ?? 0)
    }
  const wide = new Map<number, number>()
  const wideRoot = new Uint16Array(narrow.wideEnd)
  const hasWide = new Uint8Array(trie.states)
  for (const [key, child] of trie.wide) {
    const [state, symbol] = [Math.floor(key / 65_536), (key & 0xffff) - dense + narrow.width]
    if (state === 0) wideRoot[symbol] = marked(child)
    else wide.set((place[state] ?? 0) * 65_536 + symbol, marked(child))
    hasWide[place[state] ?? 0] = 1
  }
  const wideBack = Uint16Array.from(order, state => place[trie.fail[state] ?? 0] ?? 0)
  const wideFrom = new Uint16Array(trie.states)
  // A state's way back leads to one that is less deep, and was seen before it.
  for (let at = 1; at < trie.states; at++) wideFrom[at] = hasWide[at] === 1 ? at : (wideFrom[wideBack[at] ?? 0] ?? 0)
  return { next, shift, width: narrow.width, wide, wideRoot, wideFrom, wideBack, firstOut, outs: trie.outs }
}

/** States by their depth. */
function inOrder({ states, children, next, wide }: Trie): number[] {
  const order = [0]
  for (let head = 0; head < order.length && order.length <= states; head++) {
    const state = order[head] ?? 0
    for (const symbol of children[state] ?? [])
      order.push((symbol < dense ? next[state * dense + symbol] : wide.get(state * 65_536 + symbol)) ?? 0)
  }
  return order
}

type Narrow = { readonly symbols: Uint16Array; readonly width: number; readonly wideEnd: number }

/** Numbers the symbols anew, without those that no literal uses, and tells the units so. */
function narrowed({ children }: Trie, symbolOf: Uint16Array): Narrow {
  const used = new Set(children.flat().filter(symbol => symbol < dense))
  const symbols = new Uint16Array(dense)
  let width = 1
  symbols[space] = width++
  for (const symbol of used) if (symbol !== space) symbols[symbol] = width++
  let wideEnd = width
  for (let unit = 0; unit < symbolOf.length; unit++) {
    const symbol = symbolOf[unit] ?? 0
    symbolOf[unit] = symbol < dense ? (symbols[symbol] ?? 0) : symbol - dense + width
    wideEnd = Math.max(wideEnd, (symbolOf[unit] ?? 0) + 1)
  }
  return { symbols, width, wideEnd }
}

/** Rows never step back; for the other symbols the steps back are taken here, as many as were taken forward. */
function stepWide({ wide, wideRoot, wideFrom, wideBack }: Machine, from: number, symbol: number): number {
  for (let state = wideFrom[from] ?? 0; state !== 0; state = wideFrom[wideBack[state] ?? 0] ?? 0) {
    const next = wide.get(state * 65_536 + symbol)
    if (next !== undefined) return next
  }
  return wideRoot[symbol] ?? 0
}

type Place = {
  readonly units: Uint16Array
  readonly symbolOf: Uint16Array
  readonly end: number
  readonly isLoose: boolean
}

function report(entry: Entry, { units, symbolOf, end, isLoose }: Place, hit: Hit): void {
  const isFree = isLoose && !entry.isShort
  const isEndOpen = entry.isOpen || isFree || end >= units.length
  if (!isEndOpen && isLetter(units[end - 1] ?? 0) && isLetter(units[end] ?? 0)) return
  let from = end
  for (let left = entry.symbols.length; left > 0; left--) {
    from--
    if (symbolOf[units[from] ?? 0] === space)
      while (from > 0 && left > 1 && symbolOf[units[from - 1] ?? 0] === space) from--
  }
  if (!isFree && from > 0 && isLetter(units[from] ?? 0) && isLetter(units[from - 1] ?? 0)) return
  hit(entry.id, from, end)
}
