import { unitsOf } from './units.ts'

/** Calls back with the number of each word and where it begins, in the order of their ends. */
export type KeywordScan = (text: string, hit: (word: number, from: number) => void) => void

const statesMax = 32_767
/** Beside the number of a state: a word ends there. */
const ending = 0x8000

/**
 * One pass that finds every word wherever it stands, ASCII case folded. Unlike the automaton of phrases it knows no
 * gaps and no word borders: `_` and `-` are letters of a prefix here.
 */
export function keywordScan(words: readonly string[]): KeywordScan {
  const symbols = new Uint8Array(0x10000)
  let width = 1
  const hasWide = /[^\u0000-\u007f]/u.test(words.join(''))
  for (const character of new Set(words.join(''))) symbols[character.charCodeAt(0)] = width++
  for (let upper = 65; upper <= 90; upper++) symbols[upper] = symbols[upper + 32] ?? 0
  const { next, ends } = complete(grow(words, symbols, width), width)
  return (text, hit) => {
    const units = unitsOf(text)
    let state = 0
    for (let at = 0; at < units.length; at++) {
      const unit = units[at] ?? 0
      const step = unit < 128 || hasWide ? (next[state * width + (symbols[unit] ?? 0)] ?? 0) : 0
      state = step & ~ending
      if ((step & ending) === 0) continue
      for (const word of ends[state] ?? []) hit(word, at + 1 - (words[word]?.length ?? 0))
    }
  }
}

type Trie = { readonly next: Uint16Array; readonly ends: (number[] | undefined)[] }

function grow(words: readonly string[], symbols: Uint8Array, width: number): Trie {
  const states = words.reduce((sum, word) => sum + word.length, 1)
  if (states > statesMax || words.includes('')) throw new Error('too many keywords, or an empty one')
  const next = new Uint16Array(states * width)
  const ends: (number[] | undefined)[] = [undefined]
  for (const [number, word] of words.entries()) {
    let state = 0
    for (let i = 0; i < word.length; i++) {
      const at = state * width + (symbols[word.charCodeAt(i)] ?? 0)
      if (next[at] === 0) next[at] = ends.push(undefined) - 1
      state = next[at] ?? 0
    }
    ends[state] = [...(ends[state] ?? []), number]
  }
  return { next, ends }
}

function complete({ next, ends }: Trie, width: number): Trie {
  const fail = new Uint16Array(ends.length)
  const queue = [0]
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] ?? 0
    const back = fail[state] ?? 0
    const inherited = state === 0 ? undefined : ends[back]
    if (inherited !== undefined) ends[state] = [...(ends[state] ?? []), ...inherited]
    for (let symbol = 1; symbol < width; symbol++) {
      const child = next[state * width + symbol] ?? 0
      const aside = state === 0 ? 0 : (next[back * width + symbol] ?? 0)
      if (child === 0) next[state * width + symbol] = aside
      else {
        fail[child] = aside
        queue.push(child)
      }
    }
  }
  // Marked last: while the machine is made, the bare numbers are needed.
  for (let at = 0; at < next.length; at++) if (ends[next[at] ?? 0] !== undefined) next[at] = (next[at] ?? 0) | ending
  return { next, ends }
}
