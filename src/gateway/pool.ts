import type { Principal, ServerName } from '../core/brand.ts'
import type { Link, LinkEvents } from '../wire/link.ts'
import { type Conversation, endConversation } from './conversation.ts'
import { Upstream, type UpstreamState } from './upstream.ts'

/** What the pool needs to know of one configured server. */
export type ServerSetup = {
  readonly kind: 'stdio' | 'http'
  open(events: LinkEvents, who: Principal): Promise<Link>
  /** Infinity: as long as the client is there. */
  readonly idleMs: number
}

export type PoolOptions = {
  readonly servers: () => ReadonlyMap<ServerName, ServerSetup>
  /** What a server says outside any request. */
  eventsFor(conversation: Conversation, upstream: () => Upstream): LinkEvents
  onState(server: ServerName, state: UpstreamState): void
  now(): number
}

export type Pool = {
  /** The connection that serves this conversation's requests to a server; nothing runs until it is used. */
  upstreamFor(conversation: Conversation, server: ServerName): Upstream
  /** Ends a conversation and all that it holds. */
  release(conversation: Conversation): Promise<void>
  /** Closes the connections of servers that are no longer configured, or configured differently. */
  drop(servers: readonly ServerName[]): Promise<void>
  states(): ReadonlyMap<ServerName, UpstreamState>
}

const handshakeMs = 30_000

/**
 * One connection per conversation and server. A legacy conversation is one client, because a line on a process's output can
 * only be told apart by whose process it is; a modern one is all that one principal does. Principals never share one.
 */
export function newPool(options: PoolOptions): Pool {
  const owners = new Map<Upstream, Conversation>()
  const states = new Map<ServerName, UpstreamState>()
  const make = (conversation: Conversation, server: ServerName): Upstream => {
    const setup = options.servers().get(server)
    if (setup === undefined) throw new RangeError(`no server named ${server}`)
    const onState = (state: UpstreamState) => {
      states.set(server, state)
      options.onState(server, state)
    }
    const open = (events: LinkEvents) => setup.open(events, conversation.principal)
    const { idleMs, kind } = setup
    const events = options.eventsFor(conversation, () => upstream)
    const upstream: Upstream = new Upstream({
      server,
      kind,
      open,
      events,
      idleMs,
      handshakeMs,
      onState,
      now: options.now,
    })
    owners.set(upstream, conversation)
    conversation.upstreams.set(server, upstream)
    return upstream
  }
  return {
    upstreamFor: (conversation, server) => conversation.upstreams.get(server) ?? make(conversation, server),
    async release(conversation) {
      for (const upstream of conversation.upstreams.values()) owners.delete(upstream)
      await endConversation(conversation)
    },
    async drop(servers) {
      const gone = [...owners].filter(([{ server }]) => servers.includes(server))
      for (const [upstream, conversation] of gone) {
        owners.delete(upstream)
        conversation.upstreams.delete(upstream.server)
      }
      for (const server of servers) states.delete(server)
      await Promise.all(gone.map(([upstream]) => upstream.close()))
    },
    states: () => states,
  }
}
