import { randomUUID } from 'node:crypto'
import type { Principal } from '../core/brand.ts'
import type { JsonObject } from '../core/json.ts'
import { isObject } from '../core/json.ts'
import type { Exchange } from '../wire/link.ts'
import { type Conversation, newConversation } from './conversation.ts'
import type { Work } from './work.ts'

export type ReceptionOptions = {
  workFor(about: { principal: Principal; client: string; name: string | undefined }): Work
  release(conversation: Conversation): Promise<void>
  /** A conversation has begun. */
  started?(conversation: Conversation): void
  /** A session without use for this long is over; its client gets 404 and starts a new one. */
  readonly idleMs: number
  /** Whether a legacy HTTP client may go without a session, because the one server behind keeps none either. */
  readonly allowsStateless: () => boolean
  /** Sessions at the same time; a new one ends the one unused longest. */
  readonly conversationsMax: number
  now(): number
}

/** Knows which conversation an exchange belongs to. */
export type Reception = {
  /** The conversation, made new where the exchange opens one; undefined when its session is unknown or another's. */
  admit(exchange: Exchange): Conversation | undefined
  find(sessionId: string | undefined, principal: Principal): Conversation | undefined
  /** Gives a conversation the id under which its client will come back; another that had it could not be found and ends. */
  rename(conversation: Conversation, id: string): Conversation
  finish(conversation: Conversation): Promise<void>
  everyone(): Iterable<Conversation>
  readonly size: number
  close(): Promise<void>
}

const workKey = 'dev.sallyport/work'
const modernClientInfo = 'io.modelcontextprotocol/clientInfo'

export function newReception(options: ReceptionOptions): Reception {
  // Insertion order is order of last use: the first is the one unused longest.
  const open = new Map<string, Conversation>()

  const touch = (conversation: Conversation): Conversation => {
    conversation.lastUsedMs = options.now()
    open.delete(conversation.id)
    open.set(conversation.id, conversation)
    return conversation
  }
  const finish = async (conversation: Conversation): Promise<void> => {
    open.delete(conversation.id)
    await options.release(conversation)
  }
  const sweep = (principal: Principal): void => {
    for (const conversation of open.values()) {
      if (!isOver(conversation, options)) break
      void finish(conversation)
    }
    if (open.size > options.conversationsMax) void finish(oneTooMany([...open.values()], principal))
  }
  const start = (id: string, exchange: Exchange, principal: Principal): Conversation => {
    const work = options.workFor({ principal, ...introduction(exchange) })
    const isCrowded = id.startsWith(crowdPrefix)
    const conversation = touch(newConversation({ id, principal, era: exchange.era, work, isCrowded }, options.now()))
    options.started?.(conversation)
    sweep(principal)
    return conversation
  }
  const find: Reception['find'] = (id, principal) => {
    const conversation = id === undefined ? undefined : open.get(id)
    return conversation?.principal === principal ? touch(conversation) : undefined
  }

  return {
    find,
    finish,
    everyone: () => open.values(),
    admit(exchange) {
      const principal = exchange.principal
      if (principal === undefined) throw new TypeError('an exchange without a principal')
      const { id, isOpening } = place(exchange, principal, options.allowsStateless())
      const known = find(id, principal)
      if (known !== undefined) return introduce(known, exchange, options)
      return isOpening ? start(id ?? randomUUID(), exchange, principal) : undefined
    },
    rename(conversation, id) {
      open.delete(conversation.id)
      const displaced = open.get(id)
      if (displaced !== undefined) void finish(displaced)
      return touch(Object.assign(conversation, { id }))
    },
    get size() {
      return open.size
    },
    async close() {
      await Promise.all([...open.values()].map(finish))
    },
  }
}

function isOver({ lastUsedMs, flights }: Conversation, { idleMs, now }: ReceptionOptions): boolean {
  return lastUsedMs + idleMs < now() && flights.size === 0
}

/** Whoever opens one too many gives up one of their own, so that nobody ends the work of another by opening many. */
function oneTooMany(all: readonly Conversation[], principal: Principal): Conversation {
  const [oldest] = all
  const own = all.find((one, i) => one.principal === principal && i < all.length - 1)
  if (oldest === undefined) throw new RangeError('no conversation is open')
  return own ?? oldest
}

type Place = { readonly id: string | undefined; readonly isOpening: boolean }

/** No session id that was minted or relayed can start like this: HTTP headers keep no leading blank. */
const crowdPrefix = ' '

/** Under which id an exchange's conversation is kept, and whether it may open one. */
function place(exchange: Exchange, principal: Principal, allowsStateless: boolean): Place {
  const isHttp = exchange.relay !== undefined
  if (!isHttp) return { id: exchange.connection, isOpening: true }
  if (exchange.era === 'modern') return { id: `${crowdPrefix}modern ${principal}`, isOpening: true }
  const session = exchange.headers['mcp-session-id']
  const isHandshake = methodOf(exchange) === 'initialize'
  if (session === undefined && !isHandshake && allowsStateless)
    return { id: `${crowdPrefix}stateless ${principal}`, isOpening: true }
  return { id: isHandshake ? undefined : session, isOpening: isHandshake }
}

const nobodyKnown = 'unknown client'

/** A client says who it is after its connection was seen, or again: the piece of work follows. */
function introduce(conversation: Conversation, exchange: Exchange, options: ReceptionOptions): Conversation {
  conversation.era = exchange.era
  const method = methodOf(exchange)
  if (method !== 'initialize' && exchange.era !== 'modern') return conversation
  const { client, name } = introduction(exchange)
  // Every modern request says whose it is; one that leaves its work unnamed is not of the work that was named last.
  if (exchange.frame.envelope.kind !== 'request' && name === undefined && client === nobodyKnown) return conversation
  conversation.work = options.workFor({ principal: conversation.principal, client, name })
  return conversation
}

function introduction({ frame: { envelope } }: Exchange): { client: string; name: string | undefined } {
  const params: JsonObject = envelope.kind === 'request' || envelope.kind === 'notification' ? envelope.params : {}
  const meta = isObject(params['_meta']) ? params['_meta'] : {}
  const info = isObject(params['clientInfo']) ? params['clientInfo'] : meta[modernClientInfo]
  const client = isObject(info) && typeof info['name'] === 'string' ? info['name'].slice(0, 100) : nobodyKnown
  const name = meta[workKey]
  return { client, name: typeof name === 'string' ? name.slice(0, 200) : undefined }
}

function methodOf({ frame: { envelope } }: Exchange): string | undefined {
  return envelope.kind === 'request' || envelope.kind === 'notification' ? envelope.method : undefined
}
