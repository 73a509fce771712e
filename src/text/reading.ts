import type { Kind, Message } from '../core/message.ts'
import { lastFew } from './last-few.ts'
import { type Leaves, leavesOf } from './leaves.ts'
import { type Scan, scanOriginal, scanText } from './match.ts'
import { joinedFields, type Sheet, sheetOf } from './sheet.ts'
import type { View } from './view.ts'
import { readingOf, turnedViews } from './views.ts'

const readingBounds = { units: 16_777_216 } as const

/** The messages whose text comes from a server and goes to a model or a person. */
export const textKinds = [
  'server.declared',
  'server.surface',
  'tool.result',
  'resource.content',
  'prompt.result',
  'sampling.request',
  'elicitation.request',
  'notification',
  'error',
  'other',
] as const satisfies readonly Kind[]

/** One view with what was found in it. */
export type Scanned = { readonly view: View; readonly scan: Scan }

export type MessageReading = {
  readonly sheet: Sheet
  /** The text as it came. */
  readonly raw: View
  /** The text made plain: what the model of injections reads. */
  readonly plain: View
  readonly scanned: readonly Scanned[]
  /** How many strings or encoded parts lay beyond the bounds and were not read. */
  readonly left: number
}

const seen = lastFew<Leaves, MessageReading>()

/** All views of a message, each scanned once, however many guards ask. */
export function readMessage(message: Pick<Message, 'root' | 'payload'>): MessageReading {
  const leaves = leavesOf(message)
  const known = seen.get(leaves)
  if (known !== undefined) return known
  const reading = read(leaves)
  seen.set(leaves, reading, leaves.units)
  return reading
}

function read(leaves: Leaves): MessageReading {
  const whole = sheetOf(leaves)
  const isCut = whole.text.length > readingBounds.units
  const sheet = isCut ? { ...whole, text: whole.text.slice(0, readingBounds.units) } : whole
  const text = readText(sheet.text)
  const joined = joinedFields(text.raw, sheet)
  const scanned = joined === undefined ? text.scanned : [...text.scanned, { view: joined, scan: scanText(joined.text) }]
  return { ...text, sheet, scanned, left: text.left + leaves.left + (isCut ? 1 : 0) }
}

/** The same for a text that stands alone. */
export function readText(text: string): Omit<MessageReading, 'sheet'> {
  const { raw, plain, others, left } = readingOf(text)
  const ofPlain: Scanned = { view: plain, scan: scanText(plain.text) }
  const scanned: Scanned[] = [ofPlain]
  // What folding joins or drops must not take a finding along: the text as it came is read too.
  if (plain !== raw) scanned.push({ view: raw, scan: scanOriginal(raw.text, ofPlain) })
  for (const view of others) scanned.push({ view, scan: scanText(view.text, view.channel === 'letters') })
  for (const { view, scan } of [...scanned])
    for (const turned of turnedViews(view, scan.turns)) scanned.push({ view: turned, scan: scanText(turned.text) })
  return { raw, plain, scanned, left }
}
