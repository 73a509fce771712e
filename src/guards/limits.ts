import type { Edit, Finding } from '../core/finding.ts'
import { guard } from '../core/guard.ts'
import { isObject, type Json } from '../core/json.ts'
import { kinds, type Message } from '../core/message.ts'
import { option, type ValuesOf } from '../core/option.ts'
import { type Measures, measure, placeOf } from '../text/measure.ts'
import { surfaceItems } from '../text/surface-items.ts'

const bound = (about: string, initially: number, max: number) =>
  option.number({ about, default: initially, min: 1, max, tighter: 'lower' })

const options = {
  bytesMax: bound('Bytes of any message', 16_777_216, 268_435_456),
  requestBytesMax: bound('Bytes of anything but an answer', 1_048_576, 67_108_864),
  depthMax: bound('How deep values may be nested', 48, 256),
  itemsMax: bound('Items of one list, members of one object', 10_000, 1_000_000),
  charsMax: bound('Characters of one string', 500_000, 67_108_864),
  numberMax: bound('The largest number, sign aside; from 2^53 on programs read different ones', 2 ** 53 - 1, 2 ** 1023),
  surfaceItemsMax: bound('Tools, prompts or resources in one list; the rest is not shown', 1_000, 100_000),
  surfaceCharsMax: bound('Characters of one tool, prompt or resource; larger ones are not shown', 65_536, 16_777_216),
}
type Values = ValuesOf<typeof options>

export const limits = guard({
  id: 'limits',
  title: 'Messages that are too large or too deep, lists too long, numbers too large',
  threats: ['T6.size', 'V.bounds'],
  reads: kinds.filter(kind => kind !== 'tool.waiting'),
  options,
  inspect(message, { options }) {
    const { bytes, root, body } = message
    if (bytes > options.bytesMax) return [tooLarge('bytes', root, [bytes, options.bytesMax])]
    switch (body.kind) {
      case 'server.surface':
        return surface({ ...message, body }, options)
      case 'tool.result':
      case 'resource.content':
      case 'prompt.result':
        return answer(message, options)
      default:
        return [...request(message, options), ...answer(message, options)]
    }
  },
})

type Sizes = readonly [is: number, max: number]

function tooLarge(what: string, at: string, [is, max]: Sizes): Finding {
  const facts = { is: Math.min(is, Number.MAX_VALUE), max }
  return { rule: `limits/${what}`, severity: 'high', confidence: 'certain', at, facts }
}

// Lists and strings of answers are cut by `truncation`; how deep they are and what is in them is a matter of the schema.
function answer({ root, payload }: Message, { depthMax }: Values): Finding[] {
  const { depth } = measure(payload)
  return depth > depthMax ? [tooLarge('depth', root, [depth, depthMax])] : []
}

function request({ root, payload, bytes }: Message, max: Values): Finding[] {
  const is = measure(payload)
  const at = (fits: (value: Json) => boolean) => root + (placeOf(payload, fits) ?? '')
  const found: Finding[] = []
  if (bytes > max.requestBytesMax) found.push(tooLarge('bytes', root, [bytes, max.requestBytesMax]))
  if (is.items > max.itemsMax) {
    const place = at(value => isWide(value, is))
    found.push(tooLarge('items', place, [is.items, max.itemsMax]))
  }
  if (is.longest > max.charsMax) {
    const place = at(value => typeof value === 'string' && value.length === is.longest)
    found.push(tooLarge('string', place, [is.longest, max.charsMax]))
  }
  if (is.number > max.numberMax) {
    const place = at(value => typeof value === 'number' && Math.abs(value) > max.numberMax)
    found.push(tooLarge('number', place, [is.number, max.numberMax]))
  }
  return found
}

function isWide(value: Json, { items }: Measures): boolean {
  if (Array.isArray(value)) return value.length === items
  return isObject(value) && Object.keys(value).length === items
}

function surface(message: Message<'server.surface'>, max: Values): Finding[] {
  const items = surfaceItems(message)
  const found = answer(message, max)
  const beyond = items.slice(max.surfaceItemsMax)
  const large = items.filter(({ item }) => measure(item).chars > max.surfaceCharsMax)
  if (beyond[0] !== undefined)
    found.push({ ...tooLarge('items', beyond[0].at, [items.length, max.surfaceItemsMax]), ...removal(beyond) })
  if (large[0] !== undefined) {
    const sizes: Sizes = [measure(large[0].item).chars, max.surfaceCharsMax]
    found.push({ ...tooLarge('item', large[0].at, sizes), ...removal(large) })
  }
  return found
}

/** Beyond so many edits it is better for everyone to refuse the message. */
const editsMax = 20_000

function removal(items: ReturnType<typeof surfaceItems>): { fix?: readonly Edit[] } {
  if (items.length > editsMax || items.some(({ isListed }) => !isListed)) return {}
  return { fix: items.map(({ at }) => ({ at, remove: true })) }
}
