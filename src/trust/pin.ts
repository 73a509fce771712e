import type { Effect } from '../core/capability.ts'
import type { JsonObject } from '../core/json.ts'
import type { PinPart, Standing, Trust } from '../core/pin.ts'
import { withSettled } from './first-look.ts'
import { hasApproved, resembled } from './pin-near-miss.ts'
import type { Pin, Seen, ServerPins } from './pin-record.ts'
import type { ItemHash } from './surface-hash.ts'
import type { SurfaceItem } from './surface-item.ts'

/** How one item stands: approved, acceptable to a rule if guards find nothing in it, or for a person to look at. */
export type Judged =
  | { readonly kind: 'approved' }
  | { readonly kind: 'free'; readonly by: 'rule:first-use' | 'rule:auto' }
  | { readonly kind: 'astray'; readonly standing: Standing; readonly was?: string; readonly gains?: readonly Effect[] }

/** An item that was seen, and what guards found in it. */
export type Sighting = { readonly item: SurfaceItem; readonly found: readonly string[] }

export const noPins: ServerPins = { settled: [], pages: {}, items: new Map() }

/** Names of one server that are remembered; a flood of new ones beyond that is refused without being kept. */
const pinsMax = 20_000
/** A first look that is still not over after so many messages is over. */
const pagesMax = 200
const rejectedMax = 16

export function keyOf({ part, name }: { part: PinPart; name: string }): string {
  return `${part}/${name}`
}

/** Compares one item with what was approved. */
export function judgeItem(pins: ServerPins, item: SurfaceItem, trust: Trust): Judged {
  return judgePin(pins, item, { pin: pins.items.get(keyOf(item)), trust })
}

function judgePin(pins: ServerPins, item: SurfaceItem, { pin, trust }: { pin: Pin | undefined; trust: Trust }): Judged {
  const { hash } = item
  if (hash === undefined) return { kind: 'astray', standing: 'unreadable' }
  if (pin?.approved?.hash === hash) return { kind: 'approved' }
  if (pin?.rejected.includes(hash) === true) return { kind: 'astray', standing: 'rejected' }
  const mayRule = trust !== 'manual' && (pin === undefined || pin.rejected.length === 0)
  if (pin?.approved === undefined) return judgeNew(pins, item, { trust, mayRule, isKnown: pin !== undefined })
  const gains = item.effects.filter(effect => pin.approved?.effects.includes(effect) !== true)
  if (mayRule && trust === 'auto' && gains.length === 0) return { kind: 'free', by: 'rule:auto' }
  return { kind: 'astray', standing: 'changed', ...(gains.length === 0 ? {} : { gains }) }
}

type Newcomer = { readonly trust: Trust; readonly mayRule: boolean; readonly isKnown: boolean }

function judgeNew(pins: ServerPins, item: SurfaceItem, { trust, mayRule, isKnown }: Newcomer): Judged {
  const isOpen = !pins.settled.includes(item.part)
  // Servers have honest twins such as readFile and read_file, so that at first only a foreign letter tells a fake.
  const near = isOpen && isPlain(item.name) ? undefined : resembled(pins.items, item)
  if (near !== undefined) return { kind: 'astray', ...near, gains: item.effects }
  const isFirstLook = isOpen && !isKnown && (item.part !== 'apps' || isOfApproved(pins, item.name))
  if (mayRule && isFirstLook) return { kind: 'free', by: 'rule:first-use' }
  if (mayRule && trust === 'auto' && !isOpen && item.effects.every(effect => effect === 'read'))
    return { kind: 'free', by: 'rule:auto' }
  const isFirst = trust === 'manual' && !hasApproved(pins.items)
  return { kind: 'astray', standing: isFirst ? 'unaccepted' : 'new', gains: item.effects }
}

/** A page that an approved tool names is looked at for the first time when that tool is first used. */
function isOfApproved({ items }: ServerPins, uri: string): boolean {
  const spelled = JSON.stringify(uri)
  for (const { approved } of items.values()) {
    const meta = approved?.item?.['_meta']
    if (meta !== undefined && JSON.stringify(meta).includes(spelled)) return true
  }
  return false
}

function isPlain(name: string): boolean {
  return /^[ -~]*$/u.test(name)
}

export type Seeing = {
  readonly part: PinPart
  readonly isLast: boolean
  /** Parts that the server says it does not have. */
  readonly absent: readonly PinPart[]
  readonly sightings: readonly Sighting[]
  readonly trust: Trust
  readonly atMs: number
}

/** Takes note of what a server showed. What a rule may accept and guards found clean is approved; the rest waits. */
export function see(pins: ServerPins, { part, isLast, absent, sightings, trust, atMs }: Seeing): ServerPins {
  const now = { trust, atMs }
  // Plain names first: a look-alike in the same list must find the name that it imitates, wherever that one stands.
  const plain = seeItems(
    pins,
    sightings.filter(({ item }) => isPlain(item.name)),
    now,
  )
  const seen = seeItems(
    plain,
    sightings.filter(({ item }) => !isPlain(item.name)),
    now,
  )
  // Nothing is a first look too: what grows later in a part that was not there is new.
  const next = withSettled(
    seen,
    absent.filter(each => seen.pages[each] === undefined),
  )
  if (next.settled.includes(part) || part === 'apps') return next
  const pages = (next.pages[part] ?? 0) + 1
  const isOver = isLast || pages >= pagesMax
  return withSettled({ ...next, pages: { ...next.pages, [part]: pages } }, isOver ? [part] : [])
}

type Now = { readonly trust: Trust; readonly atMs: number }

function seeItems(pins: ServerPins, sightings: readonly Sighting[], now: Now): ServerPins {
  const changed = new Map<string, Pin>()
  for (const { item, found } of sightings) {
    const key = keyOf(item)
    const pin = changed.get(key) ?? pins.items.get(key)
    const count = pins.items.size + changed.size
    const next = seeItem(pins, { item, found, pin, count }, now)
    const isRoom = pin !== undefined || count < pinsMax
    if (next !== undefined && next !== pin && isRoom) changed.set(key, next)
  }
  return changed.size === 0 ? pins : { ...pins, items: new Map([...pins.items, ...changed]) }
}

/** `count`: names that are remembered by now. */
type Meeting = Sighting & { readonly pin: Pin | undefined; readonly count: number }

function seeItem(pins: ServerPins, { item, found, pin, count }: Meeting, { trust, atMs }: Now): Pin | undefined {
  const { hash, effects } = item
  if (hash === undefined) return pin
  const judged = judgePin(pins, item, { pin, trust })
  const made: Seen = { hash, atMs, effects, ...(isSmall(item.item, count) ? { item: item.item } : {}) }
  const before: Pin = pin ?? { rejected: [] }
  // Guards learn: what they find now in what was approved before, a person has not seen yet.
  const isNews = judged.kind === 'approved' && found.some(rule => before.approved?.despite?.includes(rule) !== true)
  if (judged.kind === 'approved' && !isNews) return before.waiting === undefined ? pin : without(before)
  if (judged.kind === 'free' && found.length === 0) return { ...without(before), approved: { ...made, by: judged.by } }
  if (before.waiting?.hash === hash) return pin
  const standing = judged.kind === 'astray' ? judged.standing : before.approved === undefined ? 'new' : 'changed'
  const was = judged.kind === 'astray' && judged.was !== undefined ? { was: judged.was } : {}
  return { ...before, waiting: { ...made, standing, ...was, found } }
}

function without({ waiting: _, ...pin }: Pin): Pin {
  return pin
}

/**
 * A definition of more characters is pinned by its digest alone. The more names, the fewer characters each, so that a server
 * of twenty thousand large ones makes no file that takes seconds to write.
 */
function isSmall(item: JsonObject, count: number): boolean {
  return JSON.stringify(item).length <= (count < 100 ? 65_536 : count < 1000 ? 8192 : 1024)
}

export type Vote = { readonly key: string; readonly hash: ItemHash; readonly by: string; readonly atMs: number }

/** A person accepts exactly the definition that was shown; undefined when something else is offered by now. */
export function accept(pins: ServerPins, { key, hash, by, atMs }: Vote): ServerPins | undefined {
  const pin = pins.items.get(key)
  if (pin?.waiting?.hash !== hash) return undefined
  const { standing: _, was: __, found, ...offer } = pin.waiting
  const rejected = pin.rejected.filter(other => other !== hash)
  const despite = found.length === 0 ? {} : { despite: found }
  return withPin(pins, key, { approved: { ...offer, by, atMs, ...despite }, rejected })
}

/** A person refuses exactly the definition that was shown, be it waiting or approved before. */
export function reject(pins: ServerPins, { key, hash }: Pick<Vote, 'key' | 'hash'>): ServerPins | undefined {
  const pin = pins.items.get(key)
  if (pin?.waiting?.hash !== hash && pin?.approved?.hash !== hash) return undefined
  const rejected = [...pin.rejected.filter(other => other !== hash), hash].slice(-rejectedMax)
  const { approved, waiting } = pin
  return withPin(pins, key, {
    rejected,
    ...(approved === undefined || approved.hash === hash ? {} : { approved }),
    ...(waiting === undefined
      ? {}
      : { waiting: waiting.hash === hash ? { ...waiting, standing: 'rejected' } : waiting }),
  })
}

function withPin(pins: ServerPins, key: string, pin: Pin): ServerPins {
  return { ...pins, items: new Map(pins.items).set(key, pin) }
}
