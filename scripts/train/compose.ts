import { carriers } from './carriers.ts'
import type { Doc } from './corpus.ts'
import { honest, poisons } from './descriptions.ts'
import { foreign, frames } from './frames.ts'
import { goals } from './goals.ts'
import { harmless, quotations } from './harmless.ts'
import { lists } from './lists.ts'
import { expand, type Random, randomOf } from './random.ts'

/** Every fifth template is kept out of training, so that measuring meets wordings the model never saw. */
export type Side = 'train' | 'unseen' | 'all'

export type Composed = {
  readonly count: number
  readonly seed: number
  readonly side: Side
  readonly hosts: readonly string[]
}

export function composeAttacks({ count, seed, side, hosts }: Composed): Doc[] {
  const random = randomOf(seed)
  return Array.from({ length: count }, (_, i) => {
    // A bare order in a record of data is an attack too; nothing but its place gives it away.
    const isBare = random.below(10) === 0
    const order = isBare ? bareOrder(random, side) : attack(random, side)
    const payload = random.below(30) === 0 ? order.toUpperCase() : order
    const text = isBare ? inRecord(payload, random) : set(payload, { random, hosts })
    return { id: `${side}-a${i}`, source: `composed-${side}`, kind: 'response', label: 1, text, payload } as const
  })
}

export function composeHarmless({ count, seed, side, hosts }: Composed): Doc[] {
  const random = randomOf(seed)
  return Array.from({ length: count }, (_, i) => {
    const isQuote = random.below(12) === 0
    // Disguise is no guilt by itself: the model judges what is said, the views undo how.
    const isSpaced = random.below(60) === 0
    const plain = isQuote
      ? quotation(random, side)
      : set(talk(random, side), { random, hosts: random.below(4) === 0 ? hosts : [] })
    return {
      id: `${side}-h${i}`,
      source: isQuote ? `quotes-${side}` : `talk-${side}`,
      kind: 'response',
      label: 0,
      text: isSpaced ? [...plain].join(' ') : plain,
    } as const
  })
}

export function composeDescriptions({ count, seed, side }: Composed): Doc[] {
  const random = randomOf(seed)
  return Array.from({ length: count }, (_, i) => {
    const own = sentence(one(honest, side, random), random)
    const label = i % 2 === 0 ? 1 : 0
    const payload = label === 1 ? poison(random, side) : sentence(one(honest, side, random), random)
    const name = expand('<toolname>', lists, random)
    const text = random.below(2) === 0 ? `${name}: ${own} ${payload}` : `${name}: ${payload} ${own}`
    return { id: `${side}-d${i}`, source: `descriptions-${side}`, kind: 'description', label, text, payload } as const
  })
}

function attack(random: Random, side: Side): string {
  const roll = random.below(10)
  if (roll === 0) return sentence(one(foreign, side, random), random)
  const goal = sentence(one(goals, side, random), random)
  const frame = sentence(one(frames, side, random), random)
  return frame.replaceAll('@', () => goal).replaceAll('%', () => goal.charAt(0).toUpperCase() + goal.slice(1))
}

function bareOrder(random: Random, side: Side): string {
  const goal = sentence(one(goals, side, random), random)
  return `${random.pick(['Please ', '', 'Kindly ', 'Now '])}${goal}.`
}

const recordCarriers = 12

function inRecord(text: string, random: Random): string {
  const carrier = sentence(random.pick(carriers.slice(0, recordCarriers)), random)
  return carrier.replaceAll('@', () => JSON.stringify(text).slice(1, -1))
}

function poison(random: Random, side: Side): string {
  const goal = sentence(one(goals, side, random), random)
  return sentence(one(poisons, side, random), random).replaceAll('@', () => goal)
}

function talk(random: Random, side: Side): string {
  const parts = Array.from({ length: 1 + random.below(2) }, () => sentence(one(harmless, side, random), random))
  return parts.join(random.pick(['\n\n', ' ', '\n']))
}

function quotation(random: Random, side: Side): string {
  return sentence(one(quotations, side, random), random).replaceAll('@', () => attack(random, side))
}

type Setting = { readonly random: Random; readonly hosts: readonly string[] }

function set(text: string, { random, hosts }: Setting): string {
  if (hosts.length > 0 && random.below(2) === 0) {
    const host = random.pick(hosts)
    const start = random.below(Math.max(1, host.length - 1200))
    const at = start + random.below(600)
    return `${host.slice(start, at)}${random.pick(['\n\n', '\n', ' ', '. '])}${text}${random.pick(['\n\n', '\n', ' '])}${host.slice(at, at + 600)}`
  }
  // Places are the same on both sides and for both labels: where a text stands must not tell what it is.
  const carrier = sentence(random.pick(carriers), random)
  return carrier.replaceAll('@', () => (carrier.startsWith('{') ? JSON.stringify(text).slice(1, -1) : text))
}

function sentence(template: string, random: Random): string {
  // The place of the inner text must survive: addresses come in after it is marked.
  return expand(template.replaceAll('@', '¤'), lists, random).replaceAll('@', '＠').replaceAll('¤', '@')
}

function one(templates: readonly string[], side: Side, random: Random): string {
  return random.pick(side === 'all' ? templates : templates.filter((_, i) => (i % 5 === 4) === (side === 'unseen')))
}

/** Addresses as they are written, once no template is left to fill. */
export function finished(doc: Doc): Doc {
  const plain = (text: string) => text.replaceAll('＠', '@')
  return { ...doc, text: plain(doc.text), ...(doc.payload !== undefined && { payload: plain(doc.payload) }) }
}
