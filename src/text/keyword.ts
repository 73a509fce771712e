import { bytesOf, intsOf, type Parts, partsOfTable, shortsOf, type Table } from './stored-table.ts'
import { unitsOf } from './units.ts'

/** Calls back with the number of each word and where it begins, in the order of their ends. */
export type KeywordScan = (text: string, hit: Hit) => void

const statesMax = 32_767
/** Beside the number of a state: a word ends there. */
const ending = 0x8000

/**
 * One pass that finds every word wherever it stands, ASCII case folded. Unlike the automaton of phrases it knows no
 * gaps and no word borders: `_` and `-` are letters of a prefix here.
 */
export function keywordScan(words: readonly string[]): KeywordScan {
  return scanOf(partsFor(words))
}

/** The same for words that are known when the program is built. */
export function storedKeywordScan(table: Table): KeywordScan {
  return scanOf(partsOfTable(table))
}

/** What a scan for some words looks up. */
export function keywordTable(name: string, words: () => readonly string[]): Table {
  return { name, make: () => partsFor(words()) }
}

function scanOf([symbols = new Uint8Array(0), ...rest]: Parts): KeywordScan {
  const [next, firsts, all, lengths] = [shortsOf(rest[0]), intsOf(rest[1]), shortsOf(rest[2]), shortsOf(rest[3])]
  const shift = 31 - Math.clz32(next.length / (firsts.length - 1))
  const report = (state: number, end: number, hit: Hit): void => {
    const last = firsts[state + 1] ?? 0
    for (let i = firsts[state] ?? 0; i < last; i++) hit(all[i] ?? 0, end - (lengths[all[i] ?? 0] ?? 0))
  }
  return (text, hit) => {
    const units = unitsOf(text)
    let state = 0
    for (let at = 0; at < units.length; at++) {
      const step = next[(state << shift) | (symbols[units[at] ?? 0] ?? 0)] ?? 0
      state = step & ~ending
      if (step >= ending) report(state, at + 1, hit)
    }
  }
}

function partsFor(words: readonly string[]): Parts {
  const symbols = new Uint8Array(0x10000)
  let width = 1
  for (const character of new Set(words.join(''))) symbols[character.charCodeAt(0)] = width++
  for (let upper = 65; upper <= 90; upper++) symbols[upper] = symbols[upper + 32] ?? 0
  const { next, ends } = machineOf(grow(words, symbols), Math.ceil(Math.log2(width)))
  const firsts = new Int32Array(ends.length + 1)
  for (const [state, met] of ends.entries()) firsts[state + 1] = (firsts[state] ?? 0) + met.length
  const lengths = Uint16Array.from(words, word => word.length)
  return [symbols, next, firsts, Uint16Array.from(ends.flat()), lengths].map(bytesOf)
}

type Hit = (word: number, from: number) => void
type Trie = { readonly child: readonly Map<number, number>[]; readonly own: readonly number[][] }

function grow(words: readonly string[], symbols: Uint8Array): Trie {
  const states = words.reduce((sum, word) => sum + word.length, 1)
  if (states > statesMax || words.includes('')) throw new Error('too many keywords, or an empty one')
  const child: Map<number, number>[] = [new Map()]
  const own: number[][] = [[]]
  for (const [number, word] of words.entries()) {
    let state = 0
    for (let i = 0; i < word.length; i++) {
      const symbol = symbols[word.charCodeAt(i)] ?? 0
      const known = child[state]?.get(symbol)
      if (known === undefined) child[state]?.set(symbol, child.push(new Map()) - 1)
      state = known ?? own.push([]) - 1
    }
    own[state]?.push(number)
  }
  return { child, own }
}

type Machine = { readonly next: Uint16Array; readonly ends: readonly (readonly number[])[] }

/**
 * Breadth first: nearly all steps are between the first few states, whose rows then lie side by side in the cache. A row
 * begins as that of the next state on the way back, which is less deep and complete by then.
 */
function machineOf({ child, own }: Trie, shift: number): Machine {
  const next = new Uint16Array(child.length << shift)
  const ends: (readonly number[])[] = []
  const [order, back] = [[0], [0]]
  for (let at = 0; at < order.length; at++) {
    const [state = 0, aside = 0] = [order[at], back[at]]
    ends.push([...(own[state] ?? []), ...(at === 0 ? [] : (ends[aside] ?? []))])
    if (at !== 0) next.copyWithin(at << shift, aside << shift, (aside + 1) << shift)
    for (const [symbol, to] of child[state] ?? []) {
      back.push(at === 0 ? 0 : (next[(aside << shift) | symbol] ?? 0))
      next[(at << shift) | symbol] = order.push(to) - 1
    }
  }
  // Marked last: while the machine is made, the bare numbers are needed.
  for (let i = 0; i < next.length; i++) if ((ends[next[i] ?? 0]?.length ?? 0) > 0) next[i] = (next[i] ?? 0) | ending
  return { next, ends }
}
