import { isLetter } from './alphabet.ts'
import { unitsOf } from './units.ts'

/** A part of a text, with the concepts met in it; `hit` is where in the hits its first one stands. */
export type Stretch = {
  readonly units: Uint16Array
  readonly from: number
  readonly to: number
  readonly hits: readonly number[]
  readonly hit: number
}

/**
 * The words of a stretch, where they stand in the text, and the sum of the weights of all features up to each. The
 * arrays are used again by the next call.
 */
export type Weighed = {
  readonly words: number
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** One longer than the words: `sums[to + 1] - sums[from]` is what the words from–to weigh together. */
  readonly sums: Int32Array
  /**
   * The first word of each block, then how many words there are. A window that ends in a block begins in it or in the one
   * before: it is one word, or no longer than `reachUnits`.
   */
  readonly blocks: Int32Array
  /** For each block the most that words weigh together which end in it and begin there or in the block before. */
  readonly rises: readonly number[]
}

/** The longest window that blocks answer for. */
export const reachUnits = 600

const bits = 20
export const featureSlots = 1 << bits

/**
 * Words, pairs, triples and pairs with a hole, hashed; and the same of the concepts that the rules' words stand for,
 * so that what was learned of one wording or language holds for another.
 */
export function weigh(weights: Int8Array, stretch: Stretch): Weighed {
  const words = write(stretch)
  const { starts, ends, sums, slots, upTo, blocks } = page
  const now = tick(stretch) - stretch.from
  const rises: number[] = []
  let sum = 0
  for (let first = 0, at = 0, lowBefore = 0; first < words; ) {
    blocks[rises.length] = first
    const edge = (ends[first] ?? 0) + reachUnits
    let low = sum
    let rise = -0x8000_0000
    let word = first
    for (; word < words && (ends[word] ?? 0) <= edge; word++) {
      if (sum < low) low = sum
      const here = now + (ends[word] ?? 0)
      // What every word has is asked for together: tables of this size are slow to answer, and four questions at once wait
      // no longer than one.
      const one = slots[at] ?? 0
      const two = slots[at + 1] ?? 0
      const three = slots[at + 2] ?? 0
      const four = slots[at + 3] ?? 0
      const ofOne = weights[one] ?? 0
      const ofTwo = weights[two] ?? 0
      const ofThree = weights[three] ?? 0
      const ofFour = weights[four] ?? 0
      sum = (sum + (ofOne & meet(one, here)) + (ofTwo & meet(two, here))) | 0
      sum = (sum + (ofThree & meet(three, here)) + (ofFour & meet(four, here))) | 0
      const end = upTo[word] ?? 0
      for (at += featuresLeast; at < end; at++) {
        const slot = slots[at] ?? 0
        sum = (sum + ((weights[slot] ?? 0) & meet(slot, here))) | 0
      }
      sums[word + 1] = sum
      rise = Math.max(rise, sum - Math.min(low, lowBefore))
    }
    rises.push(rise)
    lowBefore = low
    first = word
  }
  blocks[rises.length] = words
  return { words, starts, ends, sums, blocks, rises }
}

/** The slots of all features of a text, for training. */
export function slotsOf(text: string, hits: readonly number[]): number[] {
  const stretch = { units: unitsOf(text), from: 0, to: text.length, hits, hit: 0 }
  const words = write(stretch)
  const now = tick(stretch)
  const told: number[] = []
  for (let word = 0, at = 0; word < words; word++)
    for (; at < (page.upTo[word] ?? 0); at++) {
      const slot = page.slots[at] ?? 0
      if (meet(slot, now + (page.ends[word] ?? 0)) !== 0) told.push(slot)
    }
  return told
}

// A feature counts once in a stretch: a table of forty equal rows is not forty times as suspicious as one. The clock
// only runs on from text to text, so that nothing is remembered across texts and the table needs no clearing.
const repeatUnits = 600
const seenMask = 0xffff
const lastSeen = new Int32Array(seenMask + 1)
let clock = repeatUnits

/** When the stretch begins. What another one left is at least so far behind as a feature is remembered. */
function tick({ from, to }: Stretch): number {
  if (clock > 0x3fff_ffff - (to - from)) {
    lastSeen.fill(0)
    clock = repeatUnits
  }
  const now = clock
  clock += to - from + repeatUnits
  return now
}

/** Notes a feature as met: -1 if it was not for so long, else 0. Without a branch, of which no processor foresees the way. */
function meet(slot: number, here: number): number {
  const place = (slot ^ (slot >>> 16)) & seenMask
  const before = lastSeen[place] ?? 0
  const fresh = ~((here - before - repeatUnits) >> 31)
  lastSeen[place] = before ^ ((before ^ here) & fresh)
  return fresh
}

// One page for all: texts are read one after the other, and fresh arrays for each cost more than the reading.
let page = pageFor(0, 0)

function pageFor(units: number, features: number) {
  return {
    starts: new Int32Array(units + 1),
    ends: new Int32Array(units + 1),
    sums: new Int32Array(units + 2),
    blocks: new Int32Array(units / reachUnits + 2),
    /** The hash of each word and of how it begins, and what more is told of it. */
    words: new Int32Array(units),
    begins: new Int32Array(units),
    shapes: new Uint8Array(units),
    /** The slot of every feature, repeated ones too, and how many of them stand up to the end of each word. */
    slots: new Int32Array(features),
    upTo: new Int32Array(units + 1),
  }
}

const featuresLeast = 4
const featuresOfWord = 6
const featuresOfHit = 4
// Negative, as all hashes are that reach so far: a number beyond 31 bits would be kept as a fraction.
const offset = 0x811c9dc5 | 0
const prime = 0x01000193

/** Writes the words and the slots of their features on the page; says how many words there are. */
function write(stretch: Stretch): number {
  const { from, to, hits } = stretch
  const room = featuresOfWord * (to - from) + featuresOfHit * (hits.length / 3)
  if (page.starts.length <= to - from || page.slots.length < room) page = pageFor(to - from, room)
  const words = writeWords(stretch)
  writeSlots(stretch, words)
  return words
}

const startUnits = 5
const wordUnitsMax = 40
const shoutedUnits = 3

// Two loops, for words and for their features: one that holds both has more values than the processor has registers.
function writeWords({ units, from, to }: Stretch): number {
  const { starts, ends, words, begins, shapes } = page
  let count = 0
  for (let at = from; at < to; ) {
    const start = at
    const first = units[at++] ?? 0
    const as = readAs[first] ?? 0
    if (as === blank || (as === newline && at < to && units[at] === newline)) continue
    let hash = Math.imul(offset ^ (as > newline ? as : first), prime)
    let begin = hash
    let other = -1
    if (as > newline) {
      other = (first - 65) | (90 - first)
      const last = start + wordUnitsMax < to ? start + wordUnitsMax : to
      for (; at < last; at++) {
        const unit = units[at] ?? 0
        const next = readAs[unit] ?? 0
        if (next <= newline) break
        if (at - start === startUnits) begin = hash
        hash = Math.imul(hash ^ next, prime)
        other |= (unit - 65) | (90 - unit)
      }
    } else {
      // A ruler of dashes is one mark, not hundreds; the length of a run says nothing.
      while (at < to && first < 0x3000 && units[at] === first) at++
      if (at - start > startUnits) for (let i = 1; i < startUnits; i++) begin = Math.imul(begin ^ first, prime)
    }
    starts[count] = start
    ends[count] = at
    words[count] = hash ^ (hash >>> 16)
    begins[count] = begin ^ (begin >>> 16)
    shapes[count++] = (at - start > startUnits ? long : 0) | (other >= 0 && at - start >= shoutedUnits ? shouted : 0)
  }
  return count
}

// What more is told of a word: how it begins, that it is in capitals.
const long = 1
const shouted = 2

function writeSlots({ from, hit, hits }: Stretch, count: number): void {
  const { ends, words, begins, shapes, slots, upTo } = page
  const told: Told = { hit, one: 0, two: 0, end: from - 1000, before: 0, slots, count: 0 }
  let nextHit = hits[hit + 2] ?? never
  let one = 0
  let two = 0
  let at = 0
  for (let i = 0; i < count; i++) {
    const word = words[i] ?? 0
    const shape = shapes[i] ?? 0
    slots[at] = slotOf(word)
    slots[at + 1] = slotOf(mix(one, word, 1))
    slots[at + 2] = slotOf(mix(mix(two, one, 2), word, 3))
    slots[at + 3] = slotOf(mix(two, word, 4))
    at += 4
    if (shape !== 0) {
      if ((shape & long) !== 0) slots[at++] = slotOf(mix(begins[i] ?? 0, 0, 5))
      if ((shape & shouted) !== 0) slots[at++] = slotOf(mix(word, 0, 6))
    }
    two = one
    one = word
    const end = ends[i] ?? 0
    if (nextHit <= end) {
      told.before = two
      told.count = at
      nextHit = addConcepts(hits, told, end)
      at = told.count
    }
    upTo[i] = at
  }
}

/** `one` and `two` are the concepts before, `end` is where the last one ended, `before` the word before the last. */
type Told = { hit: number; one: number; two: number; end: number; before: number; slots: Int32Array; count: number }

const conceptReach = 120
const never = 0x7fff_ffff

/** Concepts that end by here are told with the word they end at; says where the next one ends. */
function addConcepts(hits: readonly number[], told: Told, at: number): number {
  const { slots } = told
  for (; told.hit < hits.length && (hits[told.hit + 2] ?? 0) <= at; told.hit += 3) {
    const concept = (hits[told.hit] ?? 0) + 1
    const end = hits[told.hit + 2] ?? 0
    if (end - told.end > conceptReach) told.one = told.two = 0
    slots[told.count++] = slotOf(mix(concept, 0, 7))
    slots[told.count++] = slotOf(mix(told.before, concept, 11))
    slots[told.count++] = slotOf(mix(told.one, concept, 8))
    slots[told.count++] = slotOf(mix(mix(told.two, told.one, 9), concept, 10))
    told.two = told.one
    told.one = concept
    told.end = end
  }
  return hits[told.hit + 2] ?? never
}

function slotOf(hash: number): number {
  const spread = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (spread ^ (spread >>> 13)) & (featureSlots - 1)
}

function mix(a: number, b: number, salt: number): number {
  return Math.imul(Math.imul(a ^ Math.imul(salt, 0x9e3779b1), 0x85ebca6b) ^ (a >>> 13) ^ b, 0xc2b2ae35) ^ salt
}

// What a unit is read as: part of a word, in either case and digits all alike, because what was learned of one amount or
// date holds for another; or a mark, a blank, the end of a line.
const [blank, newline] = [1, 10]
const readAs = new Uint16Array(0x10000)
for (const code of [9, 13, 32]) readAs[code] = blank
readAs[newline] = newline
// Only here: the others are two thirds of all units, and to ask each of them takes a while at every start.
const wordRanges = [
  [0x27, 0x2000],
  [0xac00, 0xd7b0],
] as const
for (const [from, to] of wordRanges)
  for (let code = from; code < to; code++) if (isWordUnit(code)) readAs[code] = code < 0x250 ? folded(code) : code

function isWordUnit(code: number): boolean {
  if (code < 128) return isLetter(code) || (code >= 48 && code <= 57) || code === 0x27
  return isLetter(code) || (code >= 0x590 && code < 0x900) || (code >= 0xac00 && code < 0xd7b0)
}

function folded(code: number): number {
  const text = String.fromCharCode(code).toLowerCase()
  if (code >= 48 && code <= 57) return 48
  return text.length === 1 ? text.charCodeAt(0) : code
}
