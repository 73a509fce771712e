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
const ahead = (reach >> 1) * width
// Before the first word and past the last a filter sees nothing.
const input = new Float32Array((senseTokenBounds.tokens + reach) * width)
const most = new Float32Array(filters)

/** How much a stretch of text speaks to an assistant that acts. */
export function senseOf(net: SenseNet, text: string): Sense {
  const { count, keys, marks } = senseTokens(text)
  input.fill(0, 0, (count + reach) * width)
  let [words, knownWords] = [0, 0]
  for (let i = 0; i < count; i++) {
    const mark = marks[i] ?? 0
    const row = rowOf(net.keys, keys[i] ?? 0, mark)
    if (isOfLetters(mark)) {
      words++
      if (row >= senseMarks.length) knownWords++
    }
    const [from, at] = [row * width, ahead + i * width]
    for (let j = 0; j < width; j++) input[at + j] = (net.rows[from + j] ?? 0) * net.scale
  }
  for (let filter = 0; filter < filters; filter += 4) lookWithFour(net.weights, filter, count)
  let score = net.bias
  for (let filter = 0; filter < filters; filter++)
    score += (net.out[filter] ?? 0) * Math.max(0, (most[filter] ?? 0) + (net.biases[filter] ?? 0))
  return { score, words, knownWords }
}

/** The most that each of four filters sees anywhere: what is read for one of them serves the others. */
function lookWithFour(weights: Float32Array, filter: number, count: number): void {
  const [a, b, c, d] = [filter * span, (filter + 1) * span, (filter + 2) * span, (filter + 3) * span]
  most.fill(Number.NEGATIVE_INFINITY, filter, filter + 4)
  for (let at = 0; at < count * width; at += width) {
    let [one, two, three, four] = [0, 0, 0, 0]
    for (let j = 0; j < span; j++) {
      const seen = input[at + j] ?? 0
      one += (weights[a + j] ?? 0) * seen
      two += (weights[b + j] ?? 0) * seen
      three += (weights[c + j] ?? 0) * seen
      four += (weights[d + j] ?? 0) * seen
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
