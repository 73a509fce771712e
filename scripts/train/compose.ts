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
// What people may ask of each other: nobody asks a colleague for the system prompt, or to post a key at an address.
const unasked =
  /<(?:secret|context|toolname|url|shell|guard|claim|dest)>|PWNED|memory|vault|passwords|your (?:instructions|rules)/u
const unaskedFamilies =
  /: (?:secrets|memory|answers|settings|reputation|gather and send|run and install|say and write|answers that mislead|looking up people|code|developer deeds)$/u
const requests = orders.filter(({ text, family }) => !unasked.test(text) && !unaskedFamilies.test(family))

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
    const isBare = random.below(3) === 0
    const { text: order, families } = isBare ? bareOrder(random, choice) : attack(random, choice)
    const payload = mangled(order, random)
    const text = isBare
      ? inRecord(besides(payload, choice, random), random)
      : set(amongItsOwn({ text: payload, families }, choice, random), { random, hosts })
    return {
      id: `${choice.side}-a${i}`,
      source: `composed-${choice.side}`,
      kind: 'response',
      label: 1,
      text,
      payload,
      families,
    } as const
  })
}

export function composeHarmless({ count, seed, hosts, ...choice }: Composed): Doc[] {
  const random = randomOf(seed)
  return Array.from({ length: count }, (_, i) => {
    const isQuote = random.below(9) === 0
    // Disguise is no guilt by itself: the model judges what is said, the views undo how.
    const isSpaced = random.below(60) === 0
    const { text: spoken, families } = isQuote ? quotation(random, choice) : talk(random, choice)
    const said = mangled(spoken, random)
    const plain = isQuote ? said : set(said, { random, hosts: random.below(4) === 0 ? hosts : [] })
    return {
      id: `${choice.side}-h${i}`,
      source: isQuote ? `quotes-${choice.side}` : `talk-${choice.side}`,
      kind: 'response',
      label: 0,
      text: isSpaced ? [...plain].join(' ') : plain,
      families,
    } as const
  })
}

/** A filled wording, and the families it was made of. */
type Said = { readonly text: string; readonly families: readonly string[] }

function attack(random: Random, choice: Choice): Said {
  if (random.below(5) === 0) return say(foreign, choice, random)
  return framed(say(frames, choice, random), say(orders, choice, random))
}

// Nearly all that the sets hold in these languages is harmless: an order that never stood among words of its own language
// would be outweighed by them.
function amongItsOwn({ text, families }: Said, choice: Choice, random: Random): string {
  const language = languageOf(families[0] ?? '')
  if (language === undefined || random.below(3) === 0) return text
  const own = within(harmless, choice).filter(({ family }) => languageOf(family) === language)
  if (own.length === 0) return text
  const parts = [sentence(random.pick(own).text, random), text]
  if (random.below(2) === 0) parts.reverse()
  if (random.below(3) === 0) parts.push(sentence(random.pick(own).text, random))
  return parts.join(random.pick([' ', '\n', '\n\n']))
}

/** `foreign-readers: de who reads` is German. */
function languageOf(family: string): string | undefined {
  return /: ([a-z]{2})(?: |$)/u.exec(family)?.[1]
}

function framed(frame: Said, goal: Said): Said {
  return { text: filled(frame.text, goal.text), families: [...frame.families, ...goal.families] }
}

/** `@` is the order, `%` the order with a capital letter. */
function filled(frame: string, goal: string): string {
  return frame.replaceAll('@', () => goal).replaceAll('%', () => goal.charAt(0).toUpperCase() + goal.slice(1))
}

const openings =
  '|||Please |Please |Kindly |Now |Also, |Next, |You should |You must |I want you to |I need you to |Make sure to |Go ahead and |Could you |Can you '.split(
    '|',
  )

function bareOrder(random: Random, choice: Choice): Said {
  const { text: goal, families } = say(orders, choice, random)
  const opening = random.pick(openings)
  const text = opening === '' ? goal.charAt(0).toUpperCase() + goal.slice(1) : `${opening}${goal}`
  const end = /^C(?:an|ould)/u.test(opening) ? '?' : random.pick(['.', '.', '!', ''])
  return { text: `${text.trim()}${end}`, families: ['bare', ...families] }
}

/** Half of the orders in records stand among honest words in the same field. */
function besides(order: string, choice: Choice, random: Random): string {
  if (random.below(2) === 0) return order
  const honest = say(harmless, choice, random).text
  if (honest.includes('@')) return order
  return random.below(3) === 0 ? `${order} ${honest}` : `${honest}${random.pick([' ', ' ', '\n', '\n\n'])}${order}`
}

/** Shouted or typed in haste now and then, whatever it says. */
function mangled(text: string, random: Random): string {
  const how = random.below(60)
  if (how < 2) return text.toUpperCase()
  if (how > 3) return text
  return text.replaceAll(/[a-z]{5,}/gu, word => {
    if (random.below(4) > 0) return word
    const at = 1 + random.below(word.length - 2)
    const [one = '', two = ''] = word.slice(at, at + 2)
    return word.slice(0, at) + random.pick(['', two + one, one + one + two]) + word.slice(at + 2)
  })
}

const recordCarriers = 18

function inRecord(text: string, random: Random): string {
  const carrier = sentence(random.pick(carriers.slice(0, recordCarriers)), random)
  return carrier.replaceAll('@', () => JSON.stringify(text).slice(1, -1))
}

/** The same order said to a person is no attack: without these pairs the model would learn the order, not the address. */
function talk(random: Random, choice: Choice): Said {
  const parts = Array.from({ length: 1 + random.below(2) }, () => {
    const frame = say(harmless, choice, random)
    return frame.text.includes('@') ? framed(frame, say(requests, choice, random)) : frame
  })
  return {
    text: parts.map(({ text }) => text).join(random.pick(['\n\n', ' ', '\n'])),
    families: parts.flatMap(({ families }) => families),
  }
}

function quotation(random: Random, choice: Choice): Said {
  const { text, families } = say(quotations, choice, random)
  return { text: text.replaceAll('@', () => attack(random, choice).text), families }
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

function say(templates: readonly Template[], choice: Choice, random: Random): Said {
  const { text, family } = random.pick(within(templates, choice))
  return { text: sentence(text, random), families: [family] }
}

/** Addresses as they are written, once no template is left to fill. */
export function finished(doc: Doc): Doc {
  const plain = (text: string) => text.replaceAll('＠', '@')
  return { ...doc, text: plain(doc.text), ...(doc.payload !== undefined && { payload: plain(doc.payload) }) }
}
