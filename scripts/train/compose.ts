import { carriers } from './carriers.ts'
import type { Doc } from './corpus.ts'
import { lists } from './lists.ts'
import { expand, type Random, randomOf } from './random.ts'
import { type Choice, type Side, type Template, templatesOf, within } from './templates.ts'

const orders = templatesOf('orders')
const frames = templatesOf('frames')
const foreign = templatesOf('foreign')
const harmless = templatesOf('harmless')
const quotations = templatesOf('quotations')
// What people may ask of each other: nobody asks a colleague for the system prompt.
const requests = orders.filter(
  ({ text }) => !/<(?:secret|context|toolname)>|PWNED|memory|your (?:instructions|rules)/u.test(text),
)

export type { Side }

export type Composed = Choice & {
  readonly count: number
  readonly seed: number
  readonly hosts: readonly string[]
}

export function composeAttacks({ count, seed, hosts, ...choice }: Composed): Doc[] {
  const random = randomOf(seed)
  return Array.from({ length: count }, (_, i) => {
    // A bare order in a record of data is an attack too; nothing but its place gives it away.
    const isBare = random.below(7) === 0
    const order = isBare ? bareOrder(random, choice) : attack(random, choice)
    const payload = random.below(30) === 0 ? order.toUpperCase() : order
    const text = isBare ? inRecord(payload, random) : set(payload, { random, hosts })
    return {
      id: `${choice.side}-a${i}`,
      source: `composed-${choice.side}`,
      kind: 'response',
      label: 1,
      text,
      payload,
    } as const
  })
}

export function composeHarmless({ count, seed, hosts, ...choice }: Composed): Doc[] {
  const random = randomOf(seed)
  return Array.from({ length: count }, (_, i) => {
    const isQuote = random.below(12) === 0
    // Disguise is no guilt by itself: the model judges what is said, the views undo how.
    const isSpaced = random.below(60) === 0
    const plain = isQuote
      ? quotation(random, choice)
      : set(talk(random, choice), { random, hosts: random.below(4) === 0 ? hosts : [] })
    return {
      id: `${choice.side}-h${i}`,
      source: isQuote ? `quotes-${choice.side}` : `talk-${choice.side}`,
      kind: 'response',
      label: 0,
      text: isSpaced ? [...plain].join(' ') : plain,
    } as const
  })
}

function attack(random: Random, choice: Choice): string {
  const roll = random.below(10)
  if (roll === 0) return sentence(one(foreign, choice, random), random)
  const goal = sentence(one(orders, choice, random), random)
  return filled(sentence(one(frames, choice, random), random), goal)
}

/** `@` is the order, `%` the order with a capital letter. */
function filled(frame: string, goal: string): string {
  return frame.replaceAll('@', () => goal).replaceAll('%', () => goal.charAt(0).toUpperCase() + goal.slice(1))
}

const openings =
  '|||Please |Please |Kindly |Now |Also, |Next, |You should |You must |I want you to |I need you to |Make sure to |Go ahead and |Could you |Can you '.split(
    '|',
  )

function bareOrder(random: Random, choice: Choice): string {
  const goal = sentence(one(orders, choice, random), random)
  const opening = random.pick(openings)
  const text = opening === '' ? goal.charAt(0).toUpperCase() + goal.slice(1) : `${opening}${goal}`
  return `${text.trim()}${/^C(?:an|ould)/u.test(opening) ? '?' : random.pick(['.', '.', '!', ''])}`
}

const recordCarriers = 12

function inRecord(text: string, random: Random): string {
  const carrier = sentence(random.pick(carriers.slice(0, recordCarriers)), random)
  return carrier.replaceAll('@', () => JSON.stringify(text).slice(1, -1))
}

/** The same order said to a person is no attack: without these pairs the model would learn the order, not the address. */
function talk(random: Random, choice: Choice): string {
  const parts = Array.from({ length: 1 + random.below(2) }, () => {
    const frame = sentence(one(harmless, choice, random), random)
    return frame.includes('@') ? filled(frame, sentence(one(requests, choice, random), random)) : frame
  })
  return parts.join(random.pick(['\n\n', ' ', '\n']))
}

function quotation(random: Random, choice: Choice): string {
  return sentence(one(quotations, choice, random), random).replaceAll('@', () => attack(random, choice))
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

function one(templates: readonly Template[], choice: Choice, random: Random): string {
  return random.pick(within(templates, choice)).text
}

/** Addresses as they are written, once no template is left to fill. */
export function finished(doc: Doc): Doc {
  const plain = (text: string) => text.replaceAll('＠', '@')
  return { ...doc, text: plain(doc.text), ...(doc.payload !== undefined && { payload: plain(doc.payload) }) }
}
