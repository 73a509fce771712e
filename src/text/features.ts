import { isLetter } from './alphabet.ts'

/** The words of a text, where they stand, and the sum of the weights of all features up to each. */
export type Weighed = {
  readonly words: number
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** One longer than the words: `sums[to + 1] - sums[from]` is what the words from–to weigh together. */
  readonly sums: Float64Array
}

const bits = 20
export const featureSlots = 1 << bits

const lower = new Uint16Array(0x250)
for (let code = 0; code < lower.length; code++) {
  const text = String.fromCharCode(code).toLowerCase()
  lower[code] = text.length === 1 ? text.charCodeAt(0) : code
}

/**
 * Words, pairs, triples and pairs with a hole, hashed; and the same of the concepts that the rules' words stand for,
 * so that what was learned of one wording or language holds for another.
 */
export function weigh(weights: Int8Array, text: string, hits: readonly number[]): Weighed {
  const room = text.length + 1
  const starts = new Int32Array(room)
  const ends = new Int32Array(room)
  const sums = new Float64Array(room + 1)
  const sink: Sink = { weights, sum: 0, slots: undefined, here: 0 }
  const words = walk(sink, { text, hits }, (word, start, end) => {
    starts[word] = start
    ends[word] = end
    sums[word + 1] = sink.sum
  })
  return { words, starts, ends, sums }
}

/** The slots of all features of a text, for training. */
export function slotsOf(text: string, hits: readonly number[]): number[] {
  const slots: number[] = []
  walk({ weights: new Int8Array(0), sum: 0, slots, here: 0 }, { text, hits }, () => {})
  return slots
}

type Sink = { readonly weights: Int8Array; sum: number; readonly slots: number[] | undefined; here: number }
type Read = { readonly text: string; readonly hits: readonly number[] }

function walk(sink: Sink, { text, hits }: Read, done: (word: number, start: number, end: number) => void): number {
  const state = { one: 0, two: 0, hit: 0, conceptOne: 0, conceptTwo: 0, conceptEnd: -1000 }
  let words = 0
  if (clock > 0x3fff_ffff - text.length) {
    lastSeen.fill(0)
    clock = repeatUnits
  }
  for (let at = 0; at < text.length; ) {
    const start = at
    const code = text.charCodeAt(at)
    if (code === 32 || code === 9 || code === 13 || (code === 10 && text.charCodeAt(at + 1) === 10)) {
      at++
      continue
    }
    at = wordEnd(text, at)
    sink.here = clock + at
    addWord(sink, state, { text, start, at })
    addConcepts(sink, { hits, state, at })
    done(words++, start, at)
  }
  clock += text.length + repeatUnits
  return words
}

type State = { one: number; two: number; hit: number; conceptOne: number; conceptTwo: number; conceptEnd: number }
type Word = { readonly text: string; readonly start: number; readonly at: number }

function addWord(sink: Sink, state: State, { text, start, at }: Word): void {
  // The length of a run of marks says nothing.
  const word = isWordUnit(text.charCodeAt(start)) ? hashOf(text, start, at) : hashOf(text, start, start + 1)
  put(sink, word)
  put(sink, mix(state.one, word, 1))
  put(sink, mix(mix(state.two, state.one, 2), word, 3))
  put(sink, mix(state.two, word, 4))
  if (at - start > 5) put(sink, mix(hashOf(text, start, start + 5), 0, 5))
  if (isShouted(text, start, at)) put(sink, mix(word, 0, 6))
  state.two = state.one
  state.one = word
}

const conceptReach = 120

/** Concepts that end by here are told with the word they end at. */
function addConcepts(sink: Sink, { hits, state, at }: { hits: readonly number[]; state: State; at: number }): void {
  while (state.hit < hits.length && (hits[state.hit + 2] ?? 0) <= at) {
    const concept = (hits[state.hit] ?? 0) + 1
    const end = hits[state.hit + 2] ?? 0
    if (end - state.conceptEnd > conceptReach) state.conceptOne = state.conceptTwo = 0
    put(sink, mix(concept, 0, 7))
    put(sink, mix(state.two, concept, 11))
    put(sink, mix(state.conceptOne, concept, 8))
    put(sink, mix(mix(state.conceptTwo, state.conceptOne, 9), concept, 10))
    state.conceptTwo = state.conceptOne
    state.conceptOne = concept
    state.conceptEnd = end
    state.hit += 3
  }
}

// A feature counts once in a stretch: a table of forty equal rows is not forty times as suspicious as one. The clock
// only runs on from text to text, so that nothing is remembered across texts and the table needs no clearing.
const repeatUnits = 600
const seenMask = 0xffff
const lastSeen = new Int32Array(seenMask + 1)
let clock = repeatUnits

function put(sink: Sink, hash: number): void {
  const spread = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  const slot = ((spread ^ (spread >>> 13)) >>> 0) & (featureSlots - 1)
  const seen = (slot ^ (slot >>> 16)) & seenMask
  const before = lastSeen[seen] ?? 0
  if (before >= clock && sink.here - before < repeatUnits) return
  lastSeen[seen] = sink.here
  if (sink.slots === undefined) sink.sum += sink.weights[slot] ?? 0
  else sink.slots.push(slot)
}

function mix(a: number, b: number, salt: number): number {
  return Math.imul(Math.imul(a ^ (salt * 0x9e3779b1), 0x85ebca6b) ^ (a >>> 13) ^ b, 0xc2b2ae35) ^ salt
}

function wordEnd(text: string, from: number): number {
  const first = text.charCodeAt(from)
  let at = from + 1
  if (!isWordUnit(first)) {
    // A ruler of dashes is one mark, not hundreds.
    while (at < text.length && first < 0x3000 && text.charCodeAt(at) === first) at++
    return at
  }
  while (at < text.length && at - from < 40 && isWordUnit(text.charCodeAt(at))) at++
  return at
}

function isWordUnit(code: number): boolean {
  return (
    isLetter(code) ||
    (code >= 48 && code <= 57) ||
    code === 0x27 ||
    (code >= 0x590 && code < 0x900) ||
    (code >= 0xac00 && code < 0xd7b0)
  )
}

/** Digits all alike: what was learned of one amount or date holds for another. */
function hashOf(text: string, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i)
    const unit = code >= 48 && code <= 57 ? 48 : code < 0x250 ? (lower[code] ?? code) : code
    hash = Math.imul(hash ^ unit, 0x01000193)
  }
  return hash ^ (hash >>> 16)
}

function isShouted(text: string, from: number, to: number): boolean {
  if (to - from < 3) return false
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i)
    if (code < 65 || code > 90) return false
  }
  return true
}
