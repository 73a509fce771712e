import type { Random } from './random.ts'

/** Numbers that are learned, with their slopes and what Adam remembers of these. */
export type Learned = {
  readonly value: Float32Array
  readonly slope: Float32Array
  readonly mean: Float32Array
  readonly square: Float32Array
}

export function learned(count: number, size: number, random: Random): Learned {
  return {
    value: Float32Array.from(
      { length: count },
      () => 1.15 * size * (random.next() + random.next() + random.next() - 1.5),
    ),
    slope: new Float32Array(count),
    mean: new Float32Array(count),
    square: new Float32Array(count),
  }
}

export function add(sums: Float32Array, at: number, more: number): void {
  sums[at] = (sums[at] ?? 0) + more
}

type Step = { readonly step: number; readonly pace: number; readonly decay: number; readonly batch: number }

/** One step of Adam down the slopes of a batch, which are forgotten after it; what is not used decays. */
export function adam({ value, slope, mean, square }: Learned, { step, pace, decay, batch }: Step): void {
  const [ofMean, ofSquare] = [1 - 0.9 ** step, 1 - 0.999 ** step]
  for (let i = 0; i < value.length; i++) {
    const each = (slope[i] ?? 0) / batch
    const one = 0.9 * (mean[i] ?? 0) + 0.1 * each
    const two = 0.999 * (square[i] ?? 0) + 0.001 * each * each
    mean[i] = one
    square[i] = two
    value[i] = (value[i] ?? 0) * (1 - pace * decay) - (pace * (one / ofMean)) / (Math.sqrt(two / ofSquare) + 1e-8)
    slope[i] = 0
  }
}
