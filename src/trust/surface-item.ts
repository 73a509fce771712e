import { type Effect, effectsOf } from '../core/capability.ts'
import { isObject, type Json, type JsonObject } from '../core/json.ts'
import type { Message, SurfacePart } from '../core/message.ts'
import type { PinPart } from '../core/pin.ts'
import { canonical, hashOf, type ItemHash } from './surface-hash.ts'

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
  /** Parts that a handshake says are not there: what shows up in them later is new. */
  readonly absent: readonly PinPart[]
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
  if (body.kind === 'resource.content') return isPage(body) ? pageSight(body) : undefined
  if (body.kind !== 'server.surface') return undefined
  const part = pinned[body.part]
  if (part === undefined) return undefined
  const isLast = part === 'server' || !(isObject(payload) && typeof payload['nextCursor'] === 'string')
  const items = body.items.map((item, index) => itemRead(part, item, index))
  return { part, isLast, items, absent: part === 'server' ? absentIn(payload) : [] }
}

const capabilityOf = { tools: 'tools', prompts: 'prompts', templates: 'resources' } as const
const capable = ['tools', 'prompts', 'templates'] as const

function absentIn(handshake: Json): PinPart[] {
  const declared = isObject(handshake) ? handshake['capabilities'] : undefined
  return capable.filter(part => !isObject(declared) || declared[capabilityOf[part]] === undefined)
}

type Content = { readonly uri: string; readonly result: JsonObject }

const appScheme = 'ui://'
const appType = /^text\/html\s*(?:\+|;\s*profile\s*=\s*"?mcp)/iu

/** Clients tell a page by its scheme or by its type: either is enough. */
function isPage({ uri, result: { contents } }: Content): boolean {
  if (uri.toLowerCase().startsWith(appScheme)) return true
  return Array.isArray(contents) && contents.some(each => isObject(each) && appType.test(textOf(each['mimeType'])))
}

/** Pages that a server draws inside a client run as code there, so that their text is as much surface as a description. */
function pageSight({ uri, result }: Content): Sight {
  const item = { uri, contents: result['contents'] ?? null }
  const page = withHash({ part: 'apps', name: uri, index: 0, item, effects: [] })
  return { part: 'apps', isLast: false, items: [page], absent: [] }
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

/**
 * What a server says of itself, the same in both eras; where it says two things in two places, both. Its version number is
 * left out: it tells a model nothing.
 */
function introduction(result: JsonObject): JsonObject {
  const meta = isObject(result['_meta']) ? result['_meta'] : {}
  const [here, there] = [unversioned(result['serverInfo']), unversioned(meta[infoKey])]
  const isOne = here === undefined || there === undefined || canonical(here) === canonical(there)
  return {
    serverInfo: here ?? there ?? {},
    ...(isOne ? {} : { 'serverInfo in _meta': there }),
    ...(result['instructions'] === undefined ? {} : { instructions: result['instructions'] }),
  }
}

function unversioned(info: Json | undefined): Json | undefined {
  if (!isObject(info)) return info
  const { version: _, ...rest } = info
  return rest
}

/** All of an item but the part of `_meta` that neither model nor screen ever sees: servers put request ids there. */
function shown(item: JsonObject): JsonObject {
  if (!isObject(item['_meta'])) return item
  const { _meta, ...rest } = item
  const kept = Object.entries(item['_meta']).filter(([key, value]) => forClients.test(key) || isProse(value))
  return kept.length === 0 ? rest : { ...rest, _meta: Object.fromEntries<Json | undefined>(kept) }
}

// Clients read members of their own name there, some of them aloud to the model.
const forClients =
  /^(?:ui$|(?:ui|mcpui|openai|anthropic|claude|chatgpt|github|copilot|vscode|microsoft|cursor|google|gemini)[./])/iu

/** Words one after the other are for somebody to read; ids, times and numbers are not. */
const prose = /\p{L}{2,24}[,;:.]?\s\p{L}{2,24}[,;:.]?\s\p{L}{2}/u

function isProse(value: Json | undefined): boolean {
  return prose.test(typeof value === 'string' ? value : JSON.stringify(value ?? null))
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
