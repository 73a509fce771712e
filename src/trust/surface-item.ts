import { type Effect, effectsOf } from '../core/capability.ts'
import { isObject, type Json, type JsonObject } from '../core/json.ts'
import type { Message, SurfacePart } from '../core/message.ts'
import type { PinPart } from '../core/pin.ts'
import { hashOf, type ItemHash } from './surface-hash.ts'

/** One thing that a model reads of a server, cut down to what it reads. */
export type SurfaceItem = {
  readonly part: PinPart
  readonly name: string
  /** Its place in the message. */
  readonly index: number
  readonly item: JsonObject
  /** Undefined when it cannot be compared. */
  readonly hash: ItemHash | undefined
  readonly effects: readonly Effect[]
}

/** What one message shows of a server's surface. */
export type Sight = {
  readonly part: PinPart
  readonly items: readonly SurfaceItem[]
  readonly isLast: boolean
}

/** Items of one message that are compared; the rest counts as unreadable. */
export const itemsMax = 10_000
const nameMax = 512

const pinned: Readonly<Record<SurfacePart, PinPart | undefined>> = {
  server: 'server',
  tools: 'tools',
  prompts: 'prompts',
  templates: 'templates',
  // A list of files or tickets changes as the world does. What a model reads there is data, and is judged as data.
  resources: undefined,
}

const sights = new WeakMap<Message, Sight>()

/** The part of a surface that a message shows; undefined for messages that show none. Read once per message. */
export function sightOf(message: Message): Sight | undefined {
  const known = sights.get(message)
  if (known !== undefined) return known
  const sight = read(message)
  if (sight !== undefined) sights.set(message, sight)
  return sight
}

function read({ body, payload }: Message): Sight | undefined {
  if (body.kind === 'resource.content') return appSight(body.uri, body.result)
  if (body.kind !== 'server.surface') return undefined
  const part = pinned[body.part]
  if (part === undefined) return undefined
  const isLast = part === 'server' || !(isObject(payload) && typeof payload['nextCursor'] === 'string')
  return { part, isLast, items: body.items.map((item, index) => itemRead(part, item, index)) }
}

const appScheme = 'ui://'

/** Pages that a server draws inside a client run as code there, so that their text is as much surface as a description. */
function appSight(uri: string, result: JsonObject): Sight | undefined {
  if (!uri.toLowerCase().startsWith(appScheme)) return undefined
  const item = { uri, contents: result['contents'] ?? null }
  return { part: 'apps', isLast: false, items: [withHash({ part: 'apps', name: uri, index: 0, item, effects: [] })] }
}

type Read = Omit<SurfaceItem, 'index'>

// Lists come again and again with the same items: one spelled exactly like one before is not read anew.
const before = new Map<string, Read>()
const beforeMax = 4096
const beforeCharsMax = 16_384

function itemRead(part: PinPart, item: JsonObject, index: number): SurfaceItem {
  const spelled = index < itemsMax ? `${part} ${JSON.stringify(item)}` : ''
  const known = before.get(spelled)
  if (known !== undefined) return { ...known, index }
  const { index: _, ...read } = itemOf(part, item, index)
  if (spelled !== '' && spelled.length <= beforeCharsMax) before.set(spelled, read)
  if (before.size > beforeMax) before.delete(before.keys().next().value ?? '')
  return { ...read, index }
}

function itemOf(part: PinPart, item: JsonObject, index: number): SurfaceItem {
  switch (part) {
    case 'server':
      return withHash({ part, name: 'server', index, item: introduction(item), effects: [] })
    case 'tools':
      return withHash({ part, name: textOf(item['name']), index, item: shown(item), effects: effectsOf(item) })
    case 'templates':
      return withHash({ part, name: textOf(item['uriTemplate']), index, item: shown(item), effects: [] })
    case 'prompts':
    case 'apps':
      return withHash({ part, name: textOf(item['name']), index, item: shown(item), effects: [] })
    default:
      return part satisfies never
  }
}

function withHash(item: Omit<SurfaceItem, 'hash'>): SurfaceItem {
  const isReadable = item.index < itemsMax && item.name !== '' && item.name.length <= nameMax
  return { ...item, hash: isReadable ? hashOf(item.item) : undefined }
}

const infoKey = 'io.modelcontextprotocol/serverInfo'

/** What a server says of itself, the same in both eras. Its version number is left out: it tells a model nothing. */
function introduction(result: JsonObject): JsonObject {
  const meta = isObject(result['_meta']) ? result['_meta'] : {}
  const info = isObject(result['serverInfo']) ? result['serverInfo'] : meta[infoKey]
  const { version: _, ...rest } = isObject(info) ? info : {}
  return { serverInfo: rest, ...(result['instructions'] === undefined ? {} : { instructions: result['instructions'] }) }
}

/** All of an item but the part of `_meta` that neither model nor screen ever sees: servers put request ids there. */
function shown(item: JsonObject): JsonObject {
  if (!isObject(item['_meta'])) return item
  const { _meta, ...rest } = item
  const kept = Object.entries(item['_meta']).filter(([key]) => key === 'ui' || /^(?:ui|openai)\//u.test(key))
  return kept.length === 0 ? rest : { ...rest, _meta: Object.fromEntries<Json | undefined>(kept) }
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
