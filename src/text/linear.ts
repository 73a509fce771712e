import { featureSlots, reachUnits, type Stretch, type Weighed, weigh } from './features.ts'
import { unitsOf } from './units.ts'
import type { Span } from './view.ts'

/** Weights of the linear model: one signed byte a feature, a scale and a bias. */
export type LinearModel = { readonly weights: Int8Array; readonly scale: number; readonly bias: number }

/** A part of a text that speaks like an injection: how strongly, and the words that do. */
export type LinearScore = { readonly score: number; readonly span: Span }

// Windows, never whole documents: around 4,000 units of harmless text a document's score drowns.
const windowUnits = [120, reachUnits] as const
export const linearBounds = { parts: 16 } as const

export type Asked = {
  readonly hits: readonly number[]
  /** Parts that score less are not told, but for the strongest. */
  readonly floor: number
  /** The strongest is not told either: texts in which no part can reach the floor are let off early. */
  readonly isFloorFirm?: boolean
}

// A long text is weighed in stretches that stay in the processor's cache, each reaching into the next by one window.
const stretchUnits = 32_768

/** Scores every window of each size in one pass over the words; strongest part first. */
export function scoreText(model: LinearModel, text: string, asked: Asked): readonly LinearScore[] {
  const { hits } = asked
  const told: LinearScore[] = []
  const units = unitsOf(text)
  let hit = 0
  for (let from = 0; from === 0 || from + windowUnits[1] < text.length; from += stretchUnits - windowUnits[1]) {
    while (hit < hits.length && (hits[hit + 2] ?? 0) <= from) hit += 3
    const to = Math.min(text.length, from + stretchUnits)
    told.push(...scoreStretch(model, { units, from, to, hits, hit }, asked))
  }
  told.sort((a, b) => b.score - a.score || a.span[0] - b.span[0])
  return apart(told, ({ span }) => span)
}

function scoreStretch(model: LinearModel, stretch: Stretch, { floor, isFloorFirm = false }: Asked): LinearScore[] {
  const weighed = weigh(model.weights, stretch)
  const least = (floor - model.bias) / model.scale
  if (weighed.words === 0) return [{ score: model.bias, span: [stretch.from, stretch.from] }]
  const { rises } = weighed
  if (isFloorFirm && !rises.some(rise => rise >= least)) return []
  const parts = windowUnits.flatMap(units => partsOf(weighed, units, { least, isFirm: isFloorFirm }))
  parts.sort((a, b) => b.sum - a.sum || a.from - b.from)
  return apart(parts, ({ from, to }) => [from, to + 1]).map(part => scoreOf(model, weighed, part))
}

/** The strongest of what overlaps, at most as many as are told. */
function apart<T>(sorted: readonly T[], spanOf: (each: T) => Span): T[] {
  const kept: T[] = []
  for (const each of sorted) {
    if (kept.length >= linearBounds.parts) break
    const [from, to] = spanOf(each)
    if (!kept.some(other => spanOf(other)[0] < to && spanOf(other)[1] > from)) kept.push(each)
  }
  return kept
}

type Part = { sum: number; from: number; to: number }

/**
 * Windows that reach the least sum, neighbours made one; where none does, the best window, unless the least is firm. Then
 * no window is looked at in a block where none can reach it.
 */
function partsOf(
  { words, starts, ends, sums, blocks, rises }: Weighed,
  units: number,
  { least, isFirm }: { readonly least: number; readonly isFirm: boolean },
): Part[] {
  const parts: Part[] = []
  let [best, bestFrom, bestTo] = [-0x8000_0000, 0, 0]
  let open: Part | undefined
  for (let block = 0, from = 0; block < rises.length; block++) {
    if (isFirm && (rises[block] ?? 0) < least) {
      open = undefined
      continue
    }
    from = Math.max(from, blocks[block - 1] ?? 0)
    const next = blocks[block + 1] ?? words
    for (let to = blocks[block] ?? 0; to < next; to++) {
      // A word longer than the window is a window of its own: without this bound the search runs past the last word.
      while (from < to && (ends[to] ?? 0) - (starts[from] ?? 0) > units) from++
      const sum = (sums[to + 1] ?? 0) - (sums[from] ?? 0)
      if (sum > best) {
        best = sum
        bestFrom = from
        bestTo = to
      }
      if (sum < least) open = undefined
      else if (open === undefined) {
        open = { sum, from, to }
        parts.push(open)
      } else if (sum > open.sum) Object.assign(open, { sum, from, to })
    }
  }
  return parts.length === 0 && !isFirm ? [{ sum: best, from: bestFrom, to: bestTo }] : parts
}

function scoreOf(model: LinearModel, { starts, ends, sums }: Weighed, { sum, from, to }: Part): LinearScore {
  const [first, last] = strongestRun(sums, from, to)
  return { score: sum * model.scale + model.bias, span: [starts[first] ?? 0, ends[last] ?? 0] }
}

/**
 * The run of words whose sum is largest (Kadane), each word paying half of what a word of the window weighs on average:
 * harmless words at its ends are not worth their price.
 */
function strongestRun(sums: Int32Array, from: number, to: number): [number, number] {
  const price = Math.max(0, (0.5 * ((sums[to + 1] ?? 0) - (sums[from] ?? 0))) / (to + 1 - from))
  let [bestSum, bestFrom, bestTo] = [Number.NEGATIVE_INFINITY, from, to]
  let start = from
  const paid = (i: number) => (sums[i] ?? 0) - price * i
  for (let i = from; i <= to; i++) {
    if (paid(i) < paid(start)) start = i
    const sum = paid(i + 1) - paid(start)
    if (sum > bestSum) [bestSum, bestFrom, bestTo] = [sum, start, i]
  }
  return [bestFrom, bestTo]
}

const magic = 0x53504c31

/** Reads a model file: magic, scale, bias, then one byte a feature. */
export function modelFrom(bytes: Uint8Array): LinearModel {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length !== 12 + featureSlots || view.getUint32(0) !== magic)
    throw new Error(`the text model is not one of ours: ${bytes.length} bytes; reinstall the package`)
  return {
    scale: view.getFloat32(4),
    bias: view.getFloat32(8),
    weights: new Int8Array(bytes.buffer, bytes.byteOffset + 12, featureSlots),
  }
}

export function modelBytes({ weights, scale, bias }: LinearModel): Uint8Array {
  const bytes = new Uint8Array(12 + featureSlots)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, magic)
  view.setFloat32(4, scale)
  view.setFloat32(8, bias)
  bytes.set(new Uint8Array(weights.buffer, weights.byteOffset, weights.length), 12)
  return bytes
}
