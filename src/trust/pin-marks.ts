import { isObject, type Json, type JsonObject, step } from '../core/json.ts'
import type { Message } from '../core/message.ts'
import type { PinMark, PinPart, Standing, Trust } from '../core/pin.ts'
import { judgeItem, keyOf, see } from './pin.ts'
import { hasApproved } from './pin-near-miss.ts'
import type { ServerPins } from './pin-record.ts'
import { canonical } from './surface-hash.ts'
import type { Sight, SurfaceItem } from './surface-item.ts'

export type Comparison = {
  readonly pins: ServerPins
  /** Why what was approved cannot be believed. */
  readonly broken: string | undefined
  readonly trust: Trust
  readonly message: Message
}

/** What a list, a handshake or a page shows that was not approved. What a rule may accept is not marked. */
export function surfaceMarks(comparison: Comparison & { readonly sight: Sight }): readonly PinMark[] {
  const { pins, broken, sight, trust, message } = comparison
  const { items, part } = sight
  if (broken !== undefined)
    return items.map(item => {
      const back = putBack(message, { item, approved: undefined }, part)
      return { part, name: item.name, index: item.index, standing: 'no-store', was: broken, ...back }
    })
  if (items.every(item => judgeItem(pins, item, trust).kind === 'approved')) return []
  // As if guards found nothing: what they do find is between them and the policy.
  const sightings = items.map(item => ({ item, found: [] }))
  const after = see(pins, { ...sight, sightings, trust, atMs: message.atMs })
  return items.flatMap(item => markOf({ before: pins, after, trust, message }, item))
}

type Outlook = {
  readonly before: ServerPins
  readonly after: ServerPins
  readonly trust: Trust
  readonly message: Message
}

function markOf({ before, after, trust, message }: Outlook, item: SurfaceItem): PinMark[] {
  const { part, name, index } = item
  if (judgeItem(after, item, trust).kind === 'approved') return []
  const judged = judgeItem(before, item, trust)
  const now = judged.kind === 'astray' ? judged : judgeItem(after, item, trust)
  const why = now.kind === 'astray' ? now : { standing: 'changed' as const }
  const approved = before.items.get(keyOf(item))?.approved?.item
  return [{ part, name, index, ...marked(why), ...putBack(message, { item, approved }, part) }]
}

function marked(why: {
  standing: Standing
  was?: string
  gains?: PinMark['gains']
}): Pick<PinMark, 'standing' | 'was' | 'gains'> {
  return {
    standing: why.standing,
    ...(why.was === undefined ? {} : { was: why.was }),
    ...(why.gains === undefined ? {} : { gains: why.gains }),
  }
}

type Strayed = { readonly item: SurfaceItem; readonly approved: Json | undefined }

/** The words of a server about itself cannot be left out of its handshake, so that the approved ones are put back. */
function putBack(message: Message, strayed: Strayed, part: PinPart): Pick<PinMark, 'restore'> {
  if (part !== 'server') return {}
  const { payload } = message
  const approved = isObject(strayed.approved) ? strayed.approved : {}
  const restore = placesOf(payload).flatMap(([path, shown]) => infoBack(message, { path, shown, approved }))
  if (!isSame(isObject(payload) ? payload['instructions'] : undefined, approved['instructions']))
    restore.push(putting('/instructions', approved['instructions']))
  return { restore }
}

type Putting = { path: string; value?: Json }

/** Where a server names itself: in the place of its era, or in that of the other, or in both. */
function placesOf(payload: Json): readonly (readonly [path: string, shown: Json | undefined])[] {
  const here = isObject(payload) ? payload['serverInfo'] : undefined
  const meta = isObject(payload) ? payload['_meta'] : undefined
  const there = isObject(meta) ? meta[infoKey] : undefined
  if (here === undefined) return [[infoInMeta, there]]
  return [['/serverInfo', here], ...(there === undefined ? [] : [[infoInMeta, there] as const])]
}

type Info = { readonly path: string; readonly shown: Json | undefined; readonly approved: JsonObject }

function infoBack(message: Message, { path, shown, approved }: Info): Putting[] {
  const info = isObject(approved['serverInfo']) ? approved['serverInfo'] : {}
  const name = info['name'] ?? message.server
  if (shown !== undefined && !isObject(shown)) return [putting(path, { ...info, name })]
  const members = new Set([...Object.keys(shown ?? {}), ...Object.keys(info)])
  members.delete('version')
  return [...members].flatMap(member => {
    const value = member === 'name' ? name : info[member]
    return isSame(shown?.[member], value) ? [] : [putting(`${path}${step(member)}`, value)]
  })
}

const infoKey = 'io.modelcontextprotocol/serverInfo'
const infoInMeta = `/_meta${step(infoKey)}`

function putting(path: string, value: Json | undefined): Putting {
  return value === undefined ? { path } : { path, value }
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return a === undefined || b === undefined ? a === b : canonical(a) !== undefined && canonical(a) === canonical(b)
}

type Asking = Comparison & { readonly strayed: ReadonlyMap<string, Standing> | undefined }

/** What a request names that was not approved, or that its server no longer offers as it was approved. */
export function requestMarks(asking: Asking): readonly PinMark[] {
  const { body } = asking.message
  switch (body.kind) {
    case 'tool.call':
      return named(asking, 'tools', body.tool)
    case 'prompt.get':
      return named(asking, 'prompts', body.prompt)
    case 'resource.read':
      return unused(asking)
    default:
      return []
  }
}

function named({ pins, broken, strayed, trust }: Asking, part: 'tools' | 'prompts', name: string): readonly PinMark[] {
  if (broken !== undefined) return [{ part, name, standing: 'no-store', was: broken }]
  const key = keyOf({ part, name })
  const pin = pins.items.get(key)
  const standing = strayed?.get(key) ?? pin?.waiting?.standing ?? (pin?.approved === undefined ? unknown() : undefined)
  if (standing === undefined) return []
  const was = pin?.waiting?.was
  return [{ part, name, standing, ...(was === undefined ? {} : { was }) }]

  function unknown(): Standing | undefined {
    if (pin !== undefined && pin.rejected.length > 0) return 'rejected'
    if (trust === 'manual' && !hasApproved(pins.items)) return 'unaccepted'
    // Prompts can be asked for before any list was: then the first list is still to come.
    return part === 'prompts' && trust !== 'manual' && !pins.settled.includes('prompts') ? undefined : 'new'
  }
}

function unused({ pins, broken, trust }: Asking): readonly PinMark[] {
  if (broken !== undefined) return [{ part: 'server', name: 'server', standing: 'no-store', was: broken }]
  const isWaiting = trust === 'manual' && !hasApproved(pins.items)
  return isWaiting ? [{ part: 'server', name: 'server', standing: 'unaccepted' }] : []
}
