import { featureSlots, slotsOf } from '../../src/text/features.ts'
import type { LinearModel } from '../../src/text/linear.ts'
import { scanText } from '../../src/text/match.ts'
import type { Random } from './random.ts'

/** One window of text with what it is; slots of all features lie in one store. */
export type Sample = { readonly text: string; readonly label: 0 | 1; readonly weight: number }

export type Store = {
  slots: Uint32Array
  readonly ends: number[]
  readonly labels: number[]
  readonly weights: number[]
}

export function storeOf(samples: readonly Sample[]): Store {
  const store: Store = { slots: new Uint32Array(1 << 20), ends: [], labels: [], weights: [] }
  let used = 0
  for (const { text, label, weight } of samples) {
    const slots = slotsOf(text, scanText(text).hits)
    while (used + slots.length > store.slots.length) {
      const grown = new Uint32Array(store.slots.length * 2)
      grown.set(store.slots)
      store.slots = grown
    }
    store.slots.set(slots, used)
    used += slots.length
    store.ends.push(used)
    store.labels.push(label)
    store.weights.push(weight)
  }
  return store
}

export type Learning = {
  readonly epochs: number
  readonly rate: number
  readonly decay: number
  readonly drop: number
  readonly random: Random
}

export type Weights = { readonly w: Float32Array; readonly g: Float32Array; bias: number }

export function freshWeights(): Weights {
  return { w: new Float32Array(featureSlots), g: new Float32Array(featureSlots).fill(1e-2), bias: 0 }
}

/** Logistic regression by AdaGrad. Plain arithmetic in a fixed order: the same seed gives the same bytes. */
export function learn(weights: Weights, store: Store, { epochs, rate, decay, drop, random }: Learning): void {
  const order = Uint32Array.from(store.labels, (_, i) => i)
  const { w, g } = weights
  // Half of the features are hidden from each sample, so that no few wordings carry the whole judgement.
  const kept = new Uint32Array(65_536)
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = random.below(i + 1)
      const held = order[i] ?? 0
      order[i] = order[j] ?? 0
      order[j] = held
    }
    for (const sample of order) {
      const from = sample === 0 ? 0 : (store.ends[sample - 1] ?? 0)
      const to = store.ends[sample] ?? 0
      let sum = weights.bias
      let count = 0
      for (let i = from; i < to && count < kept.length; i++) {
        if (drop > 0 && random.next() < drop) continue
        const slot = store.slots[i] ?? 0
        kept[count++] = slot
        sum += w[slot] ?? 0
      }
      const error = (sigmoid(sum) - (store.labels[sample] ?? 0)) * (store.weights[sample] ?? 1)
      if (Math.abs(error) < 1e-4) continue
      weights.bias -= rate * 0.02 * error
      for (let i = 0; i < count; i++) {
        const slot = kept[i] ?? 0
        const old = w[slot] ?? 0
        const slope = error + decay * old
        const square = (g[slot] ?? 0) + slope * slope
        g[slot] = square
        w[slot] = old - (rate * slope) / Math.sqrt(square)
      }
    }
  }
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-Math.max(-30, Math.min(30, x))))
}

/** One signed byte a weight; the few largest are clipped so that the many keep their difference. */
export function quantised({ w, bias }: Weights): LinearModel {
  const sizes = Float32Array.from(w, Math.abs)
    .filter(size => size > 0)
    .sort()
  const top = sizes[Math.floor(sizes.length * 0.9995)] ?? 1
  const scale = top / 127
  const weights = Int8Array.from(w, value => Math.max(-127, Math.min(127, Math.round(value / scale))))
  return { weights, scale: Math.fround(scale), bias: Math.fround(bias) }
}
