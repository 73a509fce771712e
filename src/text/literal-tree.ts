import { foldedRanges, foldedUnit, isGap, isLetter } from './alphabet.ts'
import { bytesOf, intsOf, type Parts, shortsOf } from './stored-table.ts'
import { unitsOf } from './units.ts'

/** A word or phrase to look for. A trailing `*` leaves its end open: `instruc*`. */
export type Literal = { readonly text: string; readonly id: number }

/** All literals as one tree, in arrays that can be kept in a file. */
export type Tree = {
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
  /** Where the literals that end in a state begin in the next two, and behind the last state where they end. */
  readonly ends: Uint16Array
  readonly endIds: Uint16Array
  readonly endKinds: Uint8Array
}

/** How a tree lies in its arrays. */
export const layout = {
  /** Symbols: 0 is in no literal, 1 is any gap, the rest are what the literals use, ASCII first. */
  gap: 1,
  denseBits: 6,
  /** Symbols below it, as all of ASCII, have a place in each row. */
  dense: 1 << 6,
  /** What a unit is: a letter beside which a literal is only part of a word, and one that begins a literal. */
  letterBit: 1,
  startShift: 1,
  /** What a state is: something ends there; it was entered by a gap, and any more of it changes nothing. */
  endMark: 1,
  gapMark: 2,
  /** In the place of a state: three symbols do not tell what is reached. */
  anyState: 0xffff,
  childWord: 2,
  linkWord: 3,
  nodeWords: 4,
}
const { gap, denseBits, dense, letterBit, startShift, endMark, gapMark, anyState, childWord, linkWord, nodeWords } =
  layout

/** What a literal is where it ends, one bit each. */
export const endBits = { open: 1, short: 2, afterGap: 4 } as const

const statesMax = 0xfffe

/** The tree of some literals. */
export function treeOf(literals: readonly Literal[]): Tree {
  const symbolOf = new Uint16Array(0x10000)
  return grown(entriesOf(literals, symbolOf), symbolOf)
}

/** A tree as parts of a table. */
export function treeParts({ kinds, symbolOf, first, pairs, triples, nodes, ends, endIds, endKinds }: Tree): Parts {
  return [kinds, symbolOf, first, pairs, triples, nodes, ends, endIds, endKinds].map(bytesOf)
}

/** The tree in the parts of a table. */
export function treeFrom([kinds, symbolOf, first, pairs, triples, nodes, ends, endIds, endKinds]: Parts): Tree {
  return {
    ...{ kinds: kinds ?? new Uint8Array(0), symbolOf: shortsOf(symbolOf), first: shortsOf(first) },
    ...{ pairs: shortsOf(pairs), triples: shortsOf(triples), nodes: intsOf(nodes) },
    ...{ ends: shortsOf(ends), endIds: shortsOf(endIds), endKinds: endKinds ?? new Uint8Array(0) },
  }
}

type Entry = { readonly symbols: readonly number[]; readonly id: number; readonly kind: number }

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
    const kind = (text.endsWith('*') ? endBits.open : 0) | (isShort ? endBits.short : 0)
    return { symbols, id, kind: kind | (isAfterGap ? endBits.afterGap : 0) }
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

/** While it grows. */
type Growing = Pick<Tree, 'nodes' | 'first'>

function grown(entries: readonly Entry[], symbolOf: Uint16Array): Tree {
  const states = 1 + entries.reduce((sum, { symbols }) => sum + symbols.length, 0)
  if (states > statesMax) throw new Error(`too many literals: ${states} states`)
  const growing = { nodes: new Int32Array(nodeWords * states), first: new Uint16Array(0x10000) }
  const { nodes, first } = growing
  const own = new Map<number, Entry[]>()
  let size = 1
  for (const entry of entries) {
    let state = 0
    for (const symbol of entry.symbols) {
      const known = state === 0 ? (first[symbol] ?? 0) : childOf(nodes, state, symbol)
      state = known === 0 ? addState(growing, { state, symbol, added: size++ }) : known
    }
    nodes[state * nodeWords + childWord] = (nodes[state * nodeWords + childWord] ?? 0) | (endMark << 16)
    own.set(state, [entry, ...(own.get(state) ?? [])])
  }
  const tree = { symbolOf, first, nodes: nodes.slice(0, size * nodeWords), kinds: kindsOf(first, symbolOf) }
  return { ...tree, ...triplesOf(tree), ...endsOf(own, size) }
}

function kindsOf(first: Uint16Array, symbolOf: Uint16Array): Uint8Array {
  const kinds = new Uint8Array(0x10000)
  for (let unit = 0; unit < kinds.length; unit++)
    kinds[unit] = (isLetter(unit) ? letterBit : 0) | (first[symbolOf[unit] ?? 0] === 0 ? 0 : 1 << startShift)
  return kinds
}

function endsOf(
  own: ReadonlyMap<number, readonly Entry[]>,
  states: number,
): Pick<Tree, 'ends' | 'endIds' | 'endKinds'> {
  const ends = new Uint16Array(states + 1)
  const entries: Entry[] = []
  for (let state = 0; state < states; state++) {
    ends[state] = entries.length
    entries.push(...(own.get(state) ?? []))
  }
  ends[states] = entries.length
  return {
    ends,
    endIds: Uint16Array.from(entries, ({ id }) => id),
    endKinds: Uint8Array.from(entries, ({ kind }) => kind),
  }
}

function addState(
  { nodes, first }: Growing,
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

function triplesOf(tree: Growing): Pick<Tree, 'pairs' | 'triples'> {
  const { first, nodes } = tree
  const pairs = new Uint16Array(dense * dense)
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
  return { pairs, triples }
}

function* denseChildren({ nodes }: Growing, state: number): Generator<[symbol: number, state: number]> {
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
