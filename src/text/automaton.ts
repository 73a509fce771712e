import { isLetter } from './alphabet.ts'
import { endBits, type Literal, layout, type Tree, treeOf } from './literal-tree.ts'
import { unitsOf } from './units.ts'
import type { Span } from './view.ts'

export type Automaton = {
  readonly states: number
  /** How many signs the longest literal has, any run of gaps being one. */
  readonly reach: number
  /**
   * Finds every literal in one pass: three numbers each, id, from, to, by their ends, of those that end together the
   * longest first.
   */
  scan(text: string, ways?: Ways): number[]
}

/** `isLoose`: also inside words, for text whose words were lost. `starts`: only what begins there, in ascending order. */
export type Ways = { readonly isLoose?: boolean; readonly starts?: readonly Span[] }

/**
 * One tree for all literals, entered only where one can begin: at the first letter of a word, or at a sign. Where that
 * is, is told without a branch, and three symbols let most of the words off: a processor that cannot foresee where words
 * end loses more time at each than the rest of them costs, and a machine with complete transitions (Aho-Corasick) waits
 * for memory at every letter.
 */
export function automatonOf(literals: readonly Literal[]): Automaton {
  return automatonFrom(treeOf(literals))
}

/** The same with a tree that was made before. */
export function automatonFrom(tree: Tree): Automaton {
  const scan = (text: string, { isLoose = false, starts = [[0, text.length]] }: Ways = {}): number[] => {
    const units = unitsOf(text)
    const walk: Walk = { tree, units, isLoose, from: 0, found: [], gap: { from: 0, to: 0 } }
    for (const [start, end] of starts)
      for (let from = start; from < end; from += chunkUnits)
        followStarts(walk, writeStarts(walk, [from, Math.min(end, from + chunkUnits)]))
    return walk.found
  }
  return { states: tree.nodes.length / nodeWords, reach: depthOf(tree), scan }
}

function depthOf({ nodes }: Tree): number {
  // A state is always added after the one that leads to it.
  const depths = new Uint16Array(nodes.length / nodeWords)
  for (let state = 0; state < depths.length; state++)
    for (let at = (nodes[state * nodeWords + childWord] ?? 0) & 0xffff; at !== 0; ) {
      depths[at] = (depths[state] ?? 0) + 1
      at = (nodes[at * nodeWords + linkWord] ?? 0) >>> 16
    }
  return depths.reduce((deepest, depth) => Math.max(deepest, depth), 0)
}

const { anyState, childWord, dense, denseBits, gap, gapMark, letterBit, linkWord, nodeWords, startShift } = layout
const { afterGap, open, short } = endBits

const chunkUnits = 4096
/** Where literals may begin in one chunk. One longer, because each place is written before it is told to be one. */
const begins = new Int32Array(chunkUnits + 1)

function writeStarts({ tree: { kinds }, units, isLoose }: Walk, [from, to]: Span): number {
  const inWord = isLoose ? 0 : letterBit
  let count = 0
  let before = from === 0 ? 0 : (kinds[units[from - 1] ?? 0] ?? 0)
  for (let at = from; at < to; at++) {
    const kind = kinds[units[at] ?? 0] ?? 0
    begins[count] = at
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
    const at = begins[i] ?? 0
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
  const { nodes, symbolOf, ends } = tree
  let at = next
  for (let here = state; here !== 0; at++) {
    const word = here * nodeWords
    const child = nodes[word + childWord] ?? 0
    const mark = child >>> 16
    if (mark !== 0) {
      if (mark === gapMark) at = gapEnd(walk, at)
      else for (let end = ends[here] ?? 0, last = ends[here + 1] ?? 0; end < last; end++) tell(walk, end, at)
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

function tell({ tree, units, isLoose, from: first, found }: Walk, which: number, end: number): void {
  const kind = tree.endKinds[which] ?? 0
  const isFree = isLoose && (kind & short) === 0
  const isEndOpen = (kind & open) !== 0 || isFree || end >= units.length
  if (!isEndOpen && isLetter(units[end - 1] ?? 0) && isLetter(units[end] ?? 0)) return
  if (!isFree && first > 0 && isLetter(units[first] ?? 0) && isLetter(units[first - 1] ?? 0)) return
  const isAfterGap = (kind & afterGap) !== 0
  if (isAfterGap && (first === 0 || tree.symbolOf[units[first - 1] ?? 0] !== gap)) return
  const id = tree.endIds[which] ?? 0
  const from = isAfterGap ? first - 1 : first
  // Phrases that began before and end later are moved behind: they are told by their ends.
  let at = found.length
  found.push(id, from, end)
  for (; at > 0 && (found[at - 1] ?? 0) > end; at -= 3) {
    found.copyWithin(at, at - 3, at)
    found[at - 3] = id
    found[at - 2] = from
    found[at - 1] = end
  }
}
