import { isObject, type Json } from '../core/json.ts'
import type { Message } from '../core/message.ts'
import type { ServerPins } from './pin-record.ts'

/** Lists that were approved item by item, so that the same list again costs a comparison and no digest. */
export type Unchanged = {
  /** Whether a message shows exactly what one before it did, under the same pins. */
  has(pins: ServerPins, message: Message): boolean
  /** Remembers a message all of whose items are approved. */
  note(pins: ServerPins, message: Message): void
}

const listsMax = 8
const bytesMax = 1024 * 1024

type Shelf = { readonly lists: Message<'server.surface'>[]; same?: Message }

/** Pins are replaced and never changed, so that what was true under one value of them stays true. */
export function newUnchanged(): Unchanged {
  const shelves = new WeakMap<ServerPins, Shelf>()
  return {
    has(pins, message) {
      const shelf = shelves.get(pins)
      if (shelf === undefined || !isSurface(message)) return false
      if (shelf.same === message) return true
      const isKnown = shelf.lists.some(list => isSameList(list, message))
      if (isKnown) shelf.same = message
      return isKnown
    },
    note(pins, message) {
      if (!isSurface(message) || message.bytes > bytesMax) return
      const { lists } = shelves.get(pins) ?? { lists: [] }
      shelves.set(pins, { lists: [message, ...lists].slice(0, listsMax) })
    },
  }
}

function isSurface(message: Message): message is Message<'server.surface'> {
  return message.body.kind === 'server.surface'
}

function isSameList(a: Message<'server.surface'>, b: Message<'server.surface'>): boolean {
  return a.body.part === b.body.part && nextOf(a) === nextOf(b) && isSameJson(a.body.items, b.body.items)
}

function nextOf({ payload }: Message): boolean {
  return isObject(payload) && typeof payload['nextCursor'] === 'string'
}

/** Whether two values are the same JSON, in whatever order their members stand. */
export function isSameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && isSameArray(a, b)
  return isObject(a) && isObject(b) && isSameObject(a, b)
}

function isSameArray(a: readonly Json[], b: readonly Json[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!isSameJson(a[i], b[i])) return false
  return true
}

function isSameObject(a: { readonly [key: string]: Json | undefined }, b: typeof a): boolean {
  const [keys, others] = [Object.keys(a), Object.keys(b)]
  if (keys.length !== others.length) return false
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] ?? ''
    if ((key !== others[i] && !Object.hasOwn(b, key)) || !isSameJson(a[key], b[key])) return false
  }
  return true
}
