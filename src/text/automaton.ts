import { foldedRanges, foldedUnit, isGap, isLetter } from './alphabet.ts'
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
  for (let code = 33; code < 127; code++) symbolOf[code] = foldedUnit(code) - 31
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
    const unit = foldedUnit(code)
    if (symbolOf[unit] === 0) symbolOf[unit] = used++
    return symbolOf[unit] ?? 0
  }
  return literals.map(({ text, id }) => {
    const isOpen = text.endsWith('*')
    const bare = (isOpen ? text.slice(0, -1) : text).trim()
    if (bare === '') throw new Error('a literal needs at least one character')
    const symbols: number[] = []
    for (let i = 0; i < bare.length; i++) {
      const symbol = symbolFor(bare.charCodeAt(i))
      if (symbol !== space || symbols.at(-1) !== space) symbols.push(symbol)
    }
    return { symbols, id, isOpen, isShort: symbols.length < 5 }
  })
}

function addVariants(symbolOf: Uint16Array): void {
  for (const [from, to] of foldedRanges)
    for (let code = from; code <= to; code++) {
      if (symbolOf[code] === 0) symbolOf[code] = symbolOf[foldedUnit(code)] ?? 0
    }
  for (let code = 0; code < 0x3001; code++) if (isGap(code)) symbolOf[code] = space
}

type Out = { readonly entry: Entry; readonly rest: number }

/** States and what leads to them; those of one parent hang together, for most have one or two. */
type Trie = {
  size: number
  readonly symbol: Uint16Array
  readonly child: Uint16Array
  readonly sibling: Uint16Array
  readonly own: Map<number, Entry[]>
}

function trieOf(entries: readonly Entry[]): Trie {
  const room = 1 + entries.reduce((sum, { symbols }) => sum + symbols.length, 0)
  const links = () => new Uint16Array(room)
  const trie: Trie = { size: 1, symbol: links(), child: links(), sibling: links(), own: new Map() }
  for (const entry of entries) {
    let state = 0
    for (const symbol of entry.symbols) state = childOf(trie, state, symbol) || addChild(trie, state, symbol)
    const own = trie.own.get(state)
    if (own === undefined) trie.own.set(state, [entry])
    else own.push(entry)
  }
  // Outputs are numbered in sixteen bits, states in fifteen: the last one says whether something ends there.
  if (trie.size > statesMax || entries.length > statesMax) throw new Error(`too many literals: ${trie.size} states`)
  return trie
}

function childOf({ symbol, child, sibling }: Trie, state: number, wanted: number): number {
  let at = child[state] ?? 0
  while (at !== 0 && symbol[at] !== wanted) at = sibling[at] ?? 0
  return at
}

function addChild(trie: Trie, state: number, symbol: number): number {
  const added = trie.size++
  trie.symbol[added] = symbol
  trie.sibling[added] = trie.child[state] ?? 0
  trie.child[state] = added
  return added
}

type Machine = {
  readonly next: Uint16Array
  readonly shift: number
  /** Symbols below it have a place in each row. */
  readonly width: number
  /** State × 65,536 + symbol → state, for the other symbols. */
  readonly wide: Map<number, number>
  /** Where the root goes with each other symbol. */
  readonly wideRoot: Uint16Array
  /** The next state on the way back, or the state itself, that any other symbol leads on from. */
  readonly wideFrom: Uint16Array
  readonly wideBack: Uint16Array
  readonly firstOut: Uint16Array
  readonly outs: (Out | undefined)[]
}

/**
 * Turns the trie into a machine, breadth first: states in the order of their depth, because nearly all steps are between
 * the first few, and rows only as wide as the symbols that any literal uses. Outputs are shared along the suffix links.
 */
function machineOf(trie: Trie, symbolOf: Uint16Array): Machine {
  const { width, wideEnd } = narrow(trie, symbolOf)
  const shift = Math.ceil(Math.log2(width))
  const links = () => new Uint16Array(trie.size)
  const machine: Machine = {
    ...{ next: new Uint16Array(trie.size << shift), shift, width, wide: new Map(), wideRoot: new Uint16Array(wideEnd) },
    ...{ wideFrom: links(), wideBack: links(), firstOut: links(), outs: [undefined] },
  }
  const order = links()
  let known = 1
  for (let at = 0; at < trie.size; at++) known = place(machine, trie, { at, order, known })
  markEndings(machine)
  return machine
}

type Step = { readonly at: number; readonly order: Uint16Array; readonly known: number }

/** Fills the row of one state, and gives its children the next places. Its way back is less deep, and has a row by now. */
function place(machine: Machine, trie: Trie, { at, order, known }: Step): number {
  const { next, shift, width, wide, wideRoot, wideFrom, wideBack, firstOut, outs } = machine
  const state = order[at] ?? 0
  const back = wideBack[at] ?? 0
  let rest = at === 0 ? 0 : (firstOut[back] ?? 0)
  for (const entry of trie.own.get(state) ?? []) rest = outs.push({ entry, rest }) - 1
  firstOut[at] = rest
  if (at !== 0) next.copyWithin(at << shift, back << shift, (back + 1) << shift)
  let [free, hasWide] = [known, false]
  for (let child = trie.child[state] ?? 0; child !== 0; child = trie.sibling[child] ?? 0) {
    const symbol = trie.symbol[child] ?? 0
    order[free] = child
    if (symbol < width) {
      wideBack[free] = at === 0 ? 0 : (next[(back << shift) | symbol] ?? 0)
      next[(at << shift) | symbol] = free
    } else {
      wideBack[free] = at === 0 ? 0 : stepWide(machine, back, symbol)
      if (at === 0) wideRoot[symbol] = free
      else wide.set(at * 65_536 + symbol, free)
      hasWide = at !== 0
    }
    free++
  }
  wideFrom[at] = hasWide ? at : (wideFrom[back] ?? 0)
  // A gap is any run of white space: after one, more of it changes nothing.
  if (at !== 0 && trie.symbol[state] === space) next[(at << shift) | space] = at
  return free
}

/** Marked last: while the machine is made, the bare numbers are needed. */
function markEndings({ next, wide, wideRoot, firstOut }: Machine): void {
  const marked = firstOut.map((out, state) => (out === 0 ? state : state | ending))
  for (const table of [next, wideRoot]) for (let i = 0; i < table.length; i++) table[i] = marked[table[i] ?? 0] ?? 0
  for (const [key, state] of wide) wide.set(key, marked[state] ?? 0)
}

/** Numbers the symbols anew, without those that no literal uses, and tells the trie and the units so. */
function narrow({ size, symbol }: Trie, symbolOf: Uint16Array): { readonly width: number; readonly wideEnd: number } {
  const renamed = new Uint16Array(0x10000)
  let width = 1
  renamed[space] = width++
  for (let at = 1; at < size; at++) {
    const old = symbol[at] ?? 0
    if (old < dense && renamed[old] === 0) renamed[old] = width++
  }
  let wideEnd = width
  for (let old = dense; old < 0x10000; old++) renamed[old] = old - dense + width
  for (let at = 1; at < size; at++) symbol[at] = renamed[symbol[at] ?? 0] ?? 0
  for (let unit = 0; unit < symbolOf.length; unit++) {
    symbolOf[unit] = renamed[symbolOf[unit] ?? 0] ?? 0
    wideEnd = Math.max(wideEnd, (symbolOf[unit] ?? 0) + 1)
  }
  return { width, wideEnd }
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
