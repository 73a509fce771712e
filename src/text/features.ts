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
}

const bits = 20
export const featureSlots = 1 << bits

/**
 * Words, pairs, triples and pairs with a hole, hashed; and the same of the concepts that the rules' words stand for,
 * so that what was learned of one wording or language holds for another.
 */
export function weigh(weights: Int8Array, stretch: Stretch): Weighed {
  const words = write(stretch)
  const { starts, ends, sums, slots, upTo } = page
  tick(stretch)
  let [sum, at] = [0, 0]
  for (let word = 0; word < words; word++) {
    const here = clock + (ends[word] ?? 0) - stretch.from
    for (const end = upTo[word] ?? 0; at < end; at++) {
      const slot = slots[at] ?? 0
      sum += (weights[slot] ?? 0) & freshness(slot, here)
    }
    sums[word + 1] = sum
  }
  return { words, starts, ends, sums }
}

/** The slots of all features of a text, for training. */
export function slotsOf(text: string, hits: readonly number[]): number[] {
  const stretch = { units: unitsOf(text), from: 0, to: text.length, hits, hit: 0 }
  const words = write(stretch)
  tick(stretch)
  const told: number[] = []
  let at = 0
  for (let word = 0; word < words; word++)
    for (; at < (page.upTo[word] ?? 0); at++) {
      const slot = page.slots[at] ?? 0
      if (freshness(slot, clock + (page.ends[word] ?? 0)) !== 0) told.push(slot)
    }
  return told
}

// A feature counts once in a stretch: a table of forty equal rows is not forty times as suspicious as one. The clock
// only runs on from text to text, so that nothing is remembered across texts and the table needs no clearing.
const repeatUnits = 600
const seenMask = 0xffff
const lastSeen = new Int32Array(seenMask + 1)
let clock = repeatUnits
let clockEnd = repeatUnits

function tick({ from, to }: Stretch): void {
  clock = clockEnd
  if (clock > 0x3fff_ffff - (to - from)) {
    lastSeen.fill(0)
    clock = repeatUnits
  }
  clockEnd = clock + to - from + repeatUnits
}

/** -1 for a feature not met for so long, else 0. Told without a branch: the processor could not foresee which way. */
function freshness(slot: number, here: number): number {
  const seen = (slot ^ (slot >>> 16)) & seenMask
  const before = lastSeen[seen] ?? 0
  // What another text left is at least so far behind: the clock runs on by as much after each.
  const isFresh = ~((here - before - repeatUnits) >> 31)
  lastSeen[seen] = before ^ ((before ^ here) & isFresh)
  return isFresh
}

// One page for all: texts are read one after the other, and fresh arrays for each cost more than the reading.
let page = pageFor(0, 0)

function pageFor(units: number, features: number) {
  return {
    starts: new Int32Array(units + 1),
    ends: new Int32Array(units + 1),
    sums: new Int32Array(units + 2),
    /** The slot of every feature, repeated ones too, and how many of them stand up to the end of each word. */
    slots: new Int32Array(features),
    upTo: new Int32Array(units + 1),
  }
}

const featuresOfWord = 6
const featuresOfHit = 4
const offset = 0x811c9dc5

/** Writes the words and the slots of their features on the page; says how many words there are. */
function write(stretch: Stretch): number {
  const { units, from, to } = stretch
  const room = featuresOfWord * (to - from) + featuresOfHit * (stretch.hits.length / 3)
  if (page.starts.length <= to - from || page.slots.length < room) page = pageFor(to - from, room)
  const { starts, ends, slots, upTo } = page
  const told: Told = { hit: stretch.hit, one: 0, two: 0, end: from - 1000, before: 0, slots, count: 0 }
  let [one, two, words] = [0, 0, 0]
  for (let at = from; at < to; ) {
    const start = at
    const code = units[at] ?? 0
    if (code === 32 || code === 9 || code === 13 || (code === 10 && at + 1 < to && units[at + 1] === 10)) {
      at++
      continue
    }
    let [hash, first, isShouted] = [offset, 0, true]
    if (isWordUnit(code)) {
      const most = Math.min(to, start + 40)
      for (let unit = code; at < most && isWordUnit(unit); unit = units[at] ?? 0) {
        if (at - start === 5) first = hash
        hash = hashed(hash, unit)
        isShouted &&= unit >= 65 && unit <= 90
        at++
      }
    } else {
      at = markEnd(stretch, at)
      // The length of a run of marks says nothing.
      hash = hashed(hash, code)
      first = hashed(hashed(hashed(hashed(hash, code), code), code), code)
      isShouted = false
    }
    const word = finished(hash)
    let count = told.count
    slots[count++] = slotOf(word)
    slots[count++] = slotOf(mix(one, word, 1))
    slots[count++] = slotOf(mix(mix(two, one, 2), word, 3))
    slots[count++] = slotOf(mix(two, word, 4))
    if (at - start > 5) slots[count++] = slotOf(mix(finished(first), 0, 5))
    if (isShouted && at - start >= 3) slots[count++] = slotOf(mix(word, 0, 6))
    told.count = count
    two = one
    one = word
    told.before = two
    addConcepts(stretch, told, at)
    starts[words] = start
    ends[words] = at
    upTo[words++] = told.count
  }
  return words
}

/** `one` and `two` are the concepts before, `end` is where the last one ended, `before` the word before the last. */
type Told = { hit: number; one: number; two: number; end: number; before: number; slots: Int32Array; count: number }

const conceptReach = 120

/** Concepts that end by here are told with the word they end at. */
function addConcepts({ hits }: Stretch, told: Told, at: number): void {
  for (; told.hit < hits.length && (hits[told.hit + 2] ?? 0) <= at; told.hit += 3) {
    const concept = (hits[told.hit] ?? 0) + 1
    const end = hits[told.hit + 2] ?? 0
    if (end - told.end > conceptReach) told.one = told.two = 0
    told.slots[told.count++] = slotOf(mix(concept, 0, 7))
    told.slots[told.count++] = slotOf(mix(told.before, concept, 11))
    told.slots[told.count++] = slotOf(mix(told.one, concept, 8))
    told.slots[told.count++] = slotOf(mix(mix(told.two, told.one, 9), concept, 10))
    told.two = told.one
    told.one = concept
    told.end = end
  }
}

function slotOf(hash: number): number {
  const spread = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (spread ^ (spread >>> 13)) & (featureSlots - 1)
}

function mix(a: number, b: number, salt: number): number {
  return Math.imul(Math.imul(a ^ Math.imul(salt, 0x9e3779b1), 0x85ebca6b) ^ (a >>> 13) ^ b, 0xc2b2ae35) ^ salt
}

/** A ruler of dashes is one mark, not hundreds. */
function markEnd({ units, to }: Stretch, from: number): number {
  const first = units[from] ?? 0
  let at = from + 1
  while (at < to && first < 0x3000 && units[at] === first) at++
  return at
}

const wordUnits = new Uint8Array(128)
for (let code = 0; code < 128; code++)
  wordUnits[code] = isLetter(code) || (code >= 48 && code <= 57) || code === 0x27 ? 1 : 0

function isWordUnit(code: number): boolean {
  if (code < 128) return wordUnits[code] === 1
  return isLetter(code) || (code >= 0x590 && code < 0x900) || (code >= 0xac00 && code < 0xd7b0)
}

// Digits all alike: what was learned of one amount or date holds for another.
const folded = new Uint16Array(0x250)
for (let code = 0; code < folded.length; code++) {
  const text = String.fromCharCode(code).toLowerCase()
  folded[code] = code >= 48 && code <= 57 ? 48 : text.length === 1 ? text.charCodeAt(0) : code
}

function hashed(hash: number, unit: number): number {
  return Math.imul(hash ^ (unit < 0x250 ? (folded[unit] ?? unit) : unit), 0x01000193)
}

function finished(hash: number): number {
  return hash ^ (hash >>> 16)
}
