import { rowOf, type SenseNet, senseShape } from '../../src/text/sense-net.ts'
import { senseMarks, senseTokenBounds, senseTokens } from '../../src/text/sense-token.ts'
import type { Sample } from './learn.ts'
import type { Random } from './random.ts'
import { adam, add, type Learned, learned } from './slopes.ts'
import type { WordVectors } from './word-vectors.ts'

export type SenseLearning = {
  readonly epochs: number
  readonly rate: number
  readonly decay: number
  /** The shares of words and of filters that are hidden from each sample. */
  readonly dropWords: number
  readonly dropFilters: number
  readonly random: Random
  readonly said?: (text: string) => void
}

const { reach, width, filters } = senseShape
const span = reach * width
const ahead = (reach >> 1) * width
const marks = senseMarks.length
const hiddenWord = 4
const batch = 16
const batchRoom = batch * senseTokenBounds.tokens * width

/**
 * The net while it learns. The rows of words are not learned one by one, but as one turn of what is known of all words: so
 * a word that no sample holds is read like its neighbours.
 */
type Student = {
  readonly vectors: WordVectors
  readonly turned: Turned
  readonly turn: Learned
  readonly marks: Learned
  readonly weights: Learned
  readonly biases: Learned
  readonly out: Learned
  readonly bias: Learned
}

/** The words of a batch, turned as the turn stands, and the slopes to them: each is turned once, and its slopes back once. */
type Turned = {
  readonly places: Map<number, number>
  readonly rows: Float32Array
  readonly slopes: Float32Array
}

type Tokens = { readonly rows: Int32Array; readonly label: 0 | 1; readonly weight: number }

/** Trains the net by Adam. Plain arithmetic in a fixed order: the same samples and seed give the same bytes. */
export function learnSense(samples: readonly Sample[], vectors: WordVectors, learning: SenseLearning): SenseNet {
  const { random, epochs, rate, decay, said } = learning
  const student = freshStudent(vectors, random)
  const parts = [student.turn, student.marks, student.weights, student.biases, student.out, student.bias]
  const read = samples.map(sample => tokensOf(sample, vectors))
  const order = Uint32Array.from(read, (_, i) => i)
  const all = epochs * read.length
  let seen = 0
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random)
    for (const i of order) {
      const sample = read[i]
      if (sample !== undefined) meet(student, sample, learning)
      seen++
      if (seen % batch > 0) continue
      turnBack(student)
      const step = seen / batch
      // Slow at first, while the second moments know nothing, and slower and slower to the end.
      const pace = rate * Math.min(1, step / 100) * Math.max(0.05, 1 - seen / all)
      for (const part of parts) adam(part, { step, pace, decay, batch })
      if (seen % 20_000 === 0) said?.(`${seen} of ${all} windows`)
    }
  }
  return baked(student)
}

function freshStudent(vectors: WordVectors, random: Random): Student {
  return {
    vectors,
    turned: { places: new Map(), rows: new Float32Array(batchRoom), slopes: new Float32Array(batchRoom) },
    turn: learned(vectors.width * width, 1 / Math.sqrt(width), random),
    marks: learned(marks * width, 0.5, random),
    weights: learned(filters * span, 1 / Math.sqrt(span), random),
    biases: learned(filters, 0, random),
    out: learned(filters, 0.1, random),
    bias: learned(1, 0, random),
  }
}

function tokensOf({ text, label, weight }: Sample, { keys }: WordVectors): Tokens {
  const tokens = senseTokens(text)
  const rows = new Int32Array(tokens.count)
  for (let i = 0; i < rows.length; i++) rows[i] = rowOf(keys, tokens.keys[i] ?? 0, tokens.marks[i] ?? 0)
  return { rows, label, weight }
}

function shuffle(order: Uint32Array, random: Random): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const held = order[i] ?? 0
    order[i] = order[j] ?? 0
    order[j] = held
  }
}

// One sheet for all samples: the rows that stand, what they look like to the filters, and what the slopes are to them.
const room = (senseTokenBounds.tokens + reach) * width
const rows = new Int32Array(senseTokenBounds.tokens)
const places = new Int32Array(senseTokenBounds.tokens)
const input = new Float32Array(room)
const blame = new Float32Array(room)
const isBlamed = new Uint8Array(senseTokenBounds.tokens + reach)
const looking = new Int32Array(filters)
const seenMost = new Float32Array(filters)
const seenAt = new Int32Array(filters)

function meet(student: Student, sample: Tokens, { random, dropWords, dropFilters }: SenseLearning): void {
  const count = sample.rows.length
  for (let i = 0; i < count; i++) rows[i] = random.next() < dropWords ? hiddenWord : (sample.rows[i] ?? 0)
  writeInput(student, count)
  const kept = 1 - dropFilters
  let looks = 0
  for (let filter = 0; filter < filters; filter++) if (random.next() < kept) looking[looks++] = filter
  for (let i = 0; i < looks; i += 2)
    lookWithTwo(student, [looking[i] ?? 0, looking[Math.min(i + 1, looks - 1)] ?? 0], count)
  let sum = student.bias.value[0] ?? 0
  for (let i = 0; i < looks; i++) {
    const filter = looking[i] ?? 0
    seenMost[filter] = Math.max(0, (seenMost[filter] ?? 0) + (student.biases.value[filter] ?? 0))
    sum += ((student.out.value[filter] ?? 0) * (seenMost[filter] ?? 0)) / kept
  }
  const error = (1 / (1 + Math.exp(-Math.max(-30, Math.min(30, sum)))) - sample.label) * sample.weight
  if (Math.abs(error) < 1e-3) return
  add(student.bias.slope, 0, error)
  for (let i = 0; i < looks; i++) {
    const filter = looking[i] ?? 0
    if ((seenMost[filter] ?? 0) <= 0) continue
    add(student.out.slope, filter, (error * (seenMost[filter] ?? 0)) / kept)
    blameFilter(student, filter, (error * (student.out.value[filter] ?? 0)) / kept)
  }
  blameRows(student, count)
}

function writeInput(student: Student, count: number): void {
  const { marks: ofMarks, turned } = student
  input.fill(0, 0, (count + reach) * width)
  for (let i = 0; i < count; i++) {
    const row = rows[i] ?? 0
    const at = ahead + i * width
    const place = row < marks ? row : placeOf(student, row)
    const from = row < marks ? ofMarks.value : turned.rows
    for (let j = 0; j < width; j++) input[at + j] = from[place * width + j] ?? 0
    places[i] = place
  }
}

function placeOf({ vectors, turn, turned }: Student, row: number): number {
  const known = turned.places.get(row)
  if (known !== undefined) return known
  const place = turned.places.size
  turned.places.set(row, place)
  turned.rows.fill(0, place * width, (place + 1) * width)
  turnInto(turned.rows, place, { vectors, turn, word: row - marks })
  return place
}

type Turning = Pick<Student, 'vectors' | 'turn'> & { readonly word: number }

function turnInto(into: Float32Array, place: number, { vectors, turn, word }: Turning): void {
  for (let k = 0; k < vectors.width; k++) {
    const known = vectors.rows[word * vectors.width + k] ?? 0
    for (let j = 0; j < width; j++) add(into, place * width + j, known * (turn.value[k * width + j] ?? 0))
  }
}

/** The slopes to the words of a batch become slopes to the turn; with the next turn the words are turned anew. */
function turnBack({ vectors, turn, turned }: Student): void {
  for (const [row, place] of turned.places)
    for (let k = 0; k < vectors.width; k++) {
      const known = vectors.rows[(row - marks) * vectors.width + k] ?? 0
      for (let j = 0; j < width; j++) add(turn.slope, k * width + j, known * (turned.slopes[place * width + j] ?? 0))
    }
  turned.slopes.fill(0, 0, turned.places.size * width)
  turned.places.clear()
}

/** Two filters at once, for most of the time goes into reading what they look at. */
function lookWithTwo({ weights: { value } }: Student, [one, two]: readonly [number, number], count: number): void {
  const [a, b] = [one * span, two * span]
  let [mostOne, placeOne, mostTwo, placeTwo] = [Number.NEGATIVE_INFINITY, 0, Number.NEGATIVE_INFINITY, 0]
  for (let at = 0; at < count * width; at += width) {
    let [sumOne, sumTwo] = [0, 0]
    for (let j = 0; j < span; j++) {
      const seen = input[at + j] ?? 0
      sumOne += (value[a + j] ?? 0) * seen
      sumTwo += (value[b + j] ?? 0) * seen
    }
    if (sumOne > mostOne) {
      mostOne = sumOne
      placeOne = at
    }
    if (sumTwo > mostTwo) {
      mostTwo = sumTwo
      placeTwo = at
    }
  }
  seenMost[one] = mostOne
  seenAt[one] = placeOne
  seenMost[two] = mostTwo
  seenAt[two] = placeTwo
}

function blameFilter({ weights, biases }: Student, filter: number, slope: number): void {
  const at = seenAt[filter] ?? 0
  const from = filter * span
  add(biases.slope, filter, slope)
  for (let j = 0; j < span; j++) {
    add(weights.slope, from + j, slope * (input[at + j] ?? 0))
    add(blame, at + j, slope * (weights.value[from + j] ?? 0))
  }
  for (let word = 0; word < reach; word++) isBlamed[at / width + word] = 1
}

function blameRows({ marks: ofMarks, turned }: Student, count: number): void {
  for (let i = 0; i < count; i++) {
    if (isBlamed[(reach >> 1) + i] === 0) continue
    const at = ahead + i * width
    const slopes = (rows[i] ?? 0) < marks ? ofMarks.slope : turned.slopes
    for (let j = 0; j < width; j++) add(slopes, (places[i] ?? 0) * width + j, blame[at + j] ?? 0)
  }
  blame.fill(0, 0, (count + reach) * width)
  isBlamed.fill(0, 0, count + reach)
}

/** The net as it ships: the row of each word is turned once for all, and kept in one signed byte a number. */
function baked({ vectors, turn, marks: ofMarks, weights, biases, out, bias }: Student): SenseNet {
  const full = new Float32Array((marks + vectors.keys.length) * width)
  full.set(ofMarks.value)
  for (let word = 0; word < vectors.keys.length; word++) turnInto(full, marks + word, { vectors, turn, word })
  // The few largest are clipped, so that the many keep their difference.
  const sizes = full.map(Math.abs).sort()
  const scale = Math.fround((sizes[Math.floor(sizes.length * 0.9999)] ?? 1) / 127)
  return {
    keys: vectors.keys,
    rows: Int8Array.from(full, value => Math.max(-127, Math.min(127, Math.round(value / scale)))),
    scale,
    weights: weights.value,
    biases: biases.value,
    out: out.value,
    bias: bias.value[0] ?? 0,
  }
}
