import { isOfLetters, keyOf, senseMarks, senseTokenBounds, senseTokens } from './sense-token.ts'

/** How many words a filter sees at once, how many numbers a word has, how many filters there are. */
export const senseShape = { reach: 5, width: 32, filters: 96 } as const

/**
 * A small net that reads the sense of words. Each word is a row of a table, in which words that are used alike lie near
 * each other; filters look at five words at a time, and the most that each of them sees makes the score. So an order is
 * heard in words in which no order that trained was put.
 */
export type SenseNet = {
  /** The words that have a row, in the order of their rows; the rows of the marks come first. */
  readonly keys: Int32Array
  readonly rows: Int8Array
  readonly scale: number
  /** Of each filter what it looks for, word by word. */
  readonly weights: Float32Array
  readonly biases: Float32Array
  readonly out: Float32Array
  readonly bias: number
}

/** What the net makes of a stretch of text, and how many of its words it knows. */
export type Sense = { readonly score: number; readonly words: number; readonly knownWords: number }

const { reach, width, filters } = senseShape
const span = reach * width
const ahead = reach >> 1
const together = 4
/** The rows of the tokens that differ, and of each token which one is its own. */
const inputs = new Float32Array(senseTokenBounds.tokens * width)
const places = new Uint16Array(senseTokenBounds.tokens)
/** What each of four filters makes of each of these rows in each of the five places where it can stand. */
const parts = new Float64Array(senseTokenBounds.tokens * reach * together)
const most = new Float32Array(filters)

/** How much a stretch of text speaks to an assistant that acts. */
export function senseOf(net: SenseNet, text: string): Sense {
  const { count, keys, marks } = senseTokens(text)
  const met = new Map<number, number>()
  let [words, knownWords] = [0, 0]
  for (let i = 0; i < count; i++) {
    const mark = marks[i] ?? 0
    const row = rowOf(net.keys, keys[i] ?? 0, mark)
    if (isOfLetters(mark)) {
      words++
      if (row >= senseMarks.length) knownWords++
    }
    const place = met.get(row) ?? met.size
    places[i] = place
    if (place < met.size) continue
    met.set(row, place)
    for (let j = 0; j < width; j++) inputs[place * width + j] = (net.rows[row * width + j] ?? 0) * net.scale
  }
  for (let filter = 0; filter < filters; filter += together) {
    lookWithFour(net.weights, filter, met.size)
    mostOfFour(filter, count)
  }
  let score = net.bias
  for (let filter = 0; filter < filters; filter++)
    score += (net.out[filter] ?? 0) * Math.max(0, (most[filter] ?? 0) + (net.biases[filter] ?? 0))
  return { score, words, knownWords }
}

/** What four filters make of each row that the text holds: once, however often it stands there. */
function lookWithFour(weights: Float32Array, filter: number, rows: number): void {
  let to = 0
  for (let at = 0; at < rows * width; at += width)
    for (let place = 0; place < span; place += width) {
      const [a, b] = [filter * span + place, (filter + 1) * span + place]
      const [c, d] = [(filter + 2) * span + place, (filter + 3) * span + place]
      let [one, two, three, four] = [0, 0, 0, 0]
      for (let j = 0; j < width; j++) {
        const seen = inputs[at + j] ?? 0
        one += (weights[a + j] ?? 0) * seen
        two += (weights[b + j] ?? 0) * seen
        three += (weights[c + j] ?? 0) * seen
        four += (weights[d + j] ?? 0) * seen
      }
      parts[to++] = one
      parts[to++] = two
      parts[to++] = three
      parts[to++] = four
    }
}

/** The most that each of four filters sees anywhere. Before the first word and past the last it sees nothing. */
function mostOfFour(filter: number, count: number): void {
  most.fill(Number.NEGATIVE_INFINITY, filter, filter + together)
  for (let i = 0; i < count; i++) {
    let [one, two, three, four] = [0, 0, 0, 0]
    const [first, last] = [Math.max(0, i - ahead), Math.min(count - 1, i + ahead)]
    for (let token = first; token <= last; token++) {
      const at = ((places[token] ?? 0) * reach + token - i + ahead) * together
      one += parts[at] ?? 0
      two += parts[at + 1] ?? 0
      three += parts[at + 2] ?? 0
      four += parts[at + 3] ?? 0
    }
    if (one > (most[filter] ?? 0)) most[filter] = one
    if (two > (most[filter + 1] ?? 0)) most[filter + 1] = two
    if (three > (most[filter + 2] ?? 0)) most[filter + 2] = three
    if (four > (most[filter + 3] ?? 0)) most[filter + 3] = four
  }
}

/** The row of a token: a mark's own, a word's, or that of the mark which stands for an unknown word. */
export function rowOf(keys: Int32Array, key: number, mark: number): number {
  if (key >= 0) return key
  let [low, high] = [0, keys.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const here = keys[middle] ?? 0
    if (here === key) return senseMarks.length + middle
    if (here < key) low = middle + 1
    else high = middle - 1
  }
  return mark
}

/** The keys of words in the order of their rows, each once. */
export function keysOf(words: readonly string[]): Int32Array {
  return Int32Array.from(new Set(words.map(keyOf))).sort()
}
