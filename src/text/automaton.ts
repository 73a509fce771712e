import { foldedRanges, foldedUnit, isGap, isLetter } from './alphabet.ts'
import { unitsOf } from './units.ts'
import type { Span } from './view.ts'

/** A word or phrase to look for. A trailing `*` leaves its end open: `instruc*`. */
export type Literal = { readonly text: string; readonly id: number }

export type Hit = (id: number, from: number, to: number) => void

export type Automaton = {
  readonly states: number
  /**
   * Finds every literal in one pass and tells them by their ends, of those that end together the longest first.
   * `isLoose` also finds them inside words, for text whose words were lost.
   */
  scan(text: string, hit: Hit, isLoose?: boolean): void
}

/**
 * One tree for all literals, entered only where one can begin: at the first letter of a word, or at a sign. Where that
 * is, is told without a branch, and three symbols let most of the words off: a processor that cannot foresee where words
 * end loses more time at each than the rest of them costs, and a machine with complete transitions (Aho-Corasick) waits
 * for memory at every letter.
 */
export function automatonOf(literals: readonly Literal[]): Automaton {
  const symbolOf = new Uint16Array(0x10000)
  const tree = treeOf(entriesOf(literals, symbolOf), symbolOf)
  const scan = (text: string, hit: Hit, isLoose = false): void => {
    const units = unitsOf(text)
    const walk: Walk = { tree, units, isLoose, from: 0, found: [], gap: { from: 0, to: 0 } }
    let before = 0
    for (let from = 0; from < units.length; from += chunkUnits) {
      const to = Math.min(units.length, from + chunkUnits)
      const count = writeStarts(walk, [from, to], before)
      followStarts(walk, count)
      before = tree.kinds[units[to - 1] ?? 0] ?? 0
    }
    const { found } = walk
    for (let i = 0; i < found.length; i += 3) hit(found[i] ?? 0, found[i + 1] ?? 0, found[i + 2] ?? 0)
  }
  return { states: tree.nodes.length / nodeWords, scan }
}

const chunkUnits = 4096
/** Where literals may begin in one chunk. One longer, because each place is written before it is told to be one. */
const starts = new Int32Array(chunkUnits + 1)

function writeStarts({ tree: { kinds }, units, isLoose }: Walk, [from, to]: Span, kindBefore: number): number {
  const inWord = isLoose ? 0 : letterBit
  let count = 0
  let before = kindBefore
  for (let at = from; at < to; at++) {
    const kind = kinds[units[at] ?? 0] ?? 0
    starts[count] = at
    count += (kind >> startShift) & ~(kind & before & inWord)
    before = kind
  }
  return count
}

function followStarts(walk: Walk, count: number): void {
  const { tree, units } = walk
  const { symbolOf, first, pairs, triples } = tree
  // Beyond the last two units, what is not there would be asked for.
  const last = units.length - 2
  for (let i = 0; i < count; i++) {
    const at = starts[i] ?? 0
    const one = symbolOf[units[at] ?? 0] ?? 0
    let state = anyState
    if (at < last) {
      const two = symbolOf[units[at + 1] ?? 0] ?? 0
      const three = symbolOf[units[at + 2] ?? 0] ?? 0
      if ((one | two | three) < dense)
        state = triples[((pairs[(one << denseBits) | two] ?? 0) << denseBits) | three] ?? 0
    }
    if (state === 0) continue
    walk.from = at
    if (state === anyState) follow(walk, at + 1, first[one] ?? 0)
    else follow(walk, at + 3, state)
  }
}

/** Symbols: 0 is in no literal, 1 is any gap, the rest are what the literals use, ASCII first. */
const gap = 1
const denseBits = 6
/** Symbols below it, as all of ASCII, have a place in each row. */
const dense = 1 << denseBits

type Entry = {
  readonly symbols: readonly number[]
  readonly id: number
  readonly isOpen: boolean
  readonly isShort: boolean
  readonly isAfterGap: boolean
}

function entriesOf(literals: readonly Literal[], symbolOf: Uint16Array): Entry[] {
  const bare = literals.map(({ text }) => (text.endsWith('*') ? text.slice(0, -1) : text).trim())
  numberSymbols(bare, symbolOf)
  return literals.map(({ text, id }, i) => {
    const all = [...unitsOf(bare[i] ?? '')].map(unit => (isGap(unit) ? gap : (symbolOf[foldedUnit(unit)] ?? 0)))
    const symbols = all.filter((symbol, at) => symbol !== gap || all[at - 1] !== gap)
    const isAfterGap = symbols[0] === gap
    const isShort = symbols.length < 5
    if (isAfterGap) symbols.shift()
    if (symbols.length === 0 || symbols.at(-1) === gap) throw new Error(`a literal ends with no gap: ${text}`)
    return { symbols, id, isOpen: text.endsWith('*'), isShort, isAfterGap }
  })
}

function numberSymbols(texts: readonly string[], symbolOf: Uint16Array): void {
  const used = [...new Set(texts.join(''))].flatMap(character => [...unitsOf(character)]).map(foldedUnit)
  let count = gap
  for (const unit of used.toSorted((a, b) => a - b)) if (!isGap(unit)) symbolOf[unit] ||= ++count
  for (const [from, to] of foldedRanges)
    for (let code = from; code <= to; code++) symbolOf[code] ||= symbolOf[foldedUnit(code)] ?? 0
  for (let code = 0; code < 0x3001; code++) if (isGap(code)) symbolOf[code] = gap
}

// What a unit is, one bit each: a letter beside which a literal is only part of a word, and one that begins a literal.
const [letterBit, startShift] = [1, 1] as const

// What a state is: something ends there; it was entered by a gap, and any more of it changes nothing.
const [endMark, gapMark] = [1, 2] as const

const statesMax = 0xfffe
/** In the place of a state: three symbols do not tell what is reached. */
const anyState = 0xffff

type Tree = {
  /** Of each unit. */
  readonly kinds: Uint8Array
  readonly symbolOf: Uint16Array
  /** The state after one symbol. */
  readonly first: Uint16Array
  /** Of each two dense symbols the row of `triples` that holds the states after a third. */
  readonly pairs: Uint16Array
  readonly triples: Uint16Array
  /**
   * Four words a state, so that what is asked of it lies together: by which symbols it may be left, in two words of which
   * each bit stands for all symbols that are 64 apart; its first child and what it is; its symbol and its next sibling.
   */
  readonly nodes: Int32Array
  readonly own: Map<number, Entry[]>
}

const [childWord, linkWord, nodeWords] = [2, 3, 4] as const

function treeOf(entries: readonly Entry[], symbolOf: Uint16Array): Tree {
  const states = 1 + entries.reduce((sum, { symbols }) => sum + symbols.length, 0)
  if (states > statesMax) throw new Error(`too many literals: ${states} states`)
  const tree: Tree = {
    ...{ kinds: new Uint8Array(0x10000), symbolOf, first: new Uint16Array(0x10000), own: new Map<number, Entry[]>() },
    ...{
      pairs: new Uint16Array(dense * dense),
      triples: new Uint16Array(0),
      nodes: new Int32Array(nodeWords * states),
    },
  }
  const { nodes, first, own, kinds } = tree
  let size = 1
  for (const entry of entries) {
    let state = 0
    for (const symbol of entry.symbols) {
      const known = state === 0 ? (first[symbol] ?? 0) : childOf(nodes, state, symbol)
      state = known === 0 ? addState(tree, { state, symbol, added: size++ }) : known
    }
    nodes[state * nodeWords + childWord] = (nodes[state * nodeWords + childWord] ?? 0) | (endMark << 16)
    own.set(state, [entry, ...(own.get(state) ?? [])])
  }
  for (let unit = 0; unit < 0x10000; unit++)
    kinds[unit] = (isLetter(unit) ? letterBit : 0) | (first[symbolOf[unit] ?? 0] === 0 ? 0 : 1 << startShift)
  return { ...tree, triples: triplesOf(tree) }
}

function addState(
  { nodes, first }: Tree,
  { state, symbol, added }: Record<'state' | 'symbol' | 'added', number>,
): number {
  const from = state * nodeWords
  const to = added * nodeWords
  const child = nodes[from + childWord] ?? 0
  nodes[to + linkWord] = symbol | ((child & 0xffff) << 16)
  nodes[to + childWord] = symbol === gap ? gapMark << 16 : 0
  nodes[from + childWord] = (child & ~0xffff) | added
  const exits = from + ((symbol >> 5) & 1)
  nodes[exits] = (nodes[exits] ?? 0) | (1 << (symbol & 31))
  if (state === 0) first[symbol] = added
  return added
}

function triplesOf(tree: Tree): Uint16Array {
  const { pairs, first, nodes } = tree
  const none = new Uint16Array(dense)
  const any = none.map(() => anyState)
  const rows = [none, any]
  for (let one = 0; one < dense; one++) {
    const from = first[one] ?? 0
    if (markOf(nodes, from) === endMark) pairs.fill(rows.indexOf(any), one << denseBits, (one + 1) << denseBits)
    else if (from !== 0)
      for (const [two, state] of denseChildren(tree, from)) {
        pairs[(one << denseBits) | two] = markOf(nodes, state) === endMark ? rows.indexOf(any) : rows.length
        const row = none.slice()
        for (const [three, next] of denseChildren(tree, state)) row[three] = next
        // A gap may be longer than one unit.
        if (two === gap) row[gap] = anyState
        rows.push(row)
      }
  }
  const triples = new Uint16Array(rows.length << denseBits)
  for (const [i, row] of rows.entries()) triples.set(row, i << denseBits)
  return triples
}

function* denseChildren({ nodes }: Tree, state: number): Generator<[symbol: number, state: number]> {
  for (let at = childOf(nodes, state), link = 0; at !== 0; at = link >>> 16) {
    link = nodes[at * nodeWords + linkWord] ?? 0
    if ((link & 0xffff) < dense) yield [link & 0xffff, at]
  }
}

function markOf(nodes: Int32Array, state: number): number {
  return (nodes[state * nodeWords + childWord] ?? 0) >>> 16
}

/** The child that is entered by a symbol, or the first one; 0 where there is none. */
function childOf(nodes: Int32Array, state: number, symbol?: number): number {
  let at = (nodes[state * nodeWords + childWord] ?? 0) & 0xffff
  while (at !== 0 && symbol !== undefined) {
    const link = nodes[at * nodeWords + linkWord] ?? 0
    if ((link & 0xffff) === symbol) break
    at = link >>> 16
  }
  return at
}

type Walk = {
  readonly tree: Tree
  readonly units: Uint16Array
  readonly isLoose: boolean
  /** Where the literals would begin that are looked for. */
  from: number
  /** Three numbers each: id, from, to. */
  readonly found: number[]
  /** The last run, so that the words before a long one do not each walk through it. */
  readonly gap: { from: number; to: number }
}

/** Follows the text through the tree, from a state that was entered before `next`. */
function follow(walk: Walk, next: number, state: number): void {
  const { tree, units } = walk
  const { nodes, symbolOf } = tree
  let at = next
  for (let here = state; here !== 0; at++) {
    const word = here * nodeWords
    const child = nodes[word + childWord] ?? 0
    const mark = child >>> 16
    if (mark !== 0) {
      if (mark === gapMark) at = gapEnd(walk, at)
      else for (const entry of tree.own.get(here) ?? []) tell(walk, entry, at)
    }
    if (at >= units.length) return
    const wanted = symbolOf[units[at] ?? 0] ?? 0
    if ((((nodes[word + ((wanted >> 5) & 1)] ?? 0) >>> (wanted & 31)) & 1) === 0) return
    here = child & 0xffff
    while (here !== 0) {
      const link = nodes[here * nodeWords + linkWord] ?? 0
      if ((link & 0xffff) === wanted) break
      here = link >>> 16
    }
  }
}

function gapEnd({ tree: { symbolOf }, units, gap: run }: Walk, from: number): number {
  if (from > run.from && from <= run.to) return run.to
  let at = from
  while (at < units.length && symbolOf[units[at] ?? 0] === gap) at++
  run.from = from - 1
  run.to = at
  return at
}

function tell({ tree: { symbolOf }, units, isLoose, from: first, found }: Walk, entry: Entry, end: number): void {
  const isFree = isLoose && !entry.isShort
  const isEndOpen = entry.isOpen || isFree || end >= units.length
  if (!isEndOpen && isLetter(units[end - 1] ?? 0) && isLetter(units[end] ?? 0)) return
  if (!isFree && first > 0 && isLetter(units[first] ?? 0) && isLetter(units[first - 1] ?? 0)) return
  if (entry.isAfterGap && (first === 0 || symbolOf[units[first - 1] ?? 0] !== gap)) return
  const from = entry.isAfterGap ? first - 1 : first
  // Phrases that began before and end later are moved behind: they are told by their ends.
  let at = found.length
  found.push(entry.id, from, end)
  for (; at > 0 && (found[at - 1] ?? 0) > end; at -= 3) {
    found.copyWithin(at, at - 3, at)
    found[at - 3] = entry.id
    found[at - 2] = from
    found[at - 1] = end
  }
}
