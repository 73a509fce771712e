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
  // Text is what most values are, and what most differences are in.
  if (typeof a !== 'object' || typeof b !== 'object') return false
  if (Array.isArray(a)) return Array.isArray(b) && isSameArray(a, b)
  return isObject(a) && isObject(b) && isSameObject(a, b)
}

function isSameArray(a: readonly Json[], b: readonly Json[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!isSameJson(a[i], b[i])) return false
  return true
}

type Members = { readonly [key: string]: Json | undefined }

/** Walks both objects without a list of their names, which is half of the cost: every list of every session comes by. */
function isSameObject(a: Members, b: Members): boolean {
  let more = 0
  for (const key in a) {
    more++
    const [one, other] = [a[key], b[key]]
    // Of an object that has no member of this name, the name means the ancestor of all objects.
    if (key === '__proto__' && !Object.hasOwn(b, key)) return false
    if (one !== other && !isSameJson(one, other)) return false
  }
  for (const _ in b) more--
  return more === 0
}
