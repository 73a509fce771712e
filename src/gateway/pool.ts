import type { Principal, ServerName } from '../core/brand.ts'
import { type Link, LinkError, type LinkEvents } from '../wire/link.ts'
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

/** Processes of servers that run for one principal; a client that begins anew each time would else start them by the thousand. */
const processesMax = 128

type Owners = ReadonlyMap<Upstream, Conversation>

/** Ends the process that was not used for longest, which comes back when it is; refuses where all are in use. */
async function makeRoom(owners: Owners, { principal, starting }: { principal: Principal; starting: Upstream }) {
  const running = [...owners].flatMap(([upstream, owner]) =>
    owner.principal === principal && upstream !== starting && upstream.isRunning ? [upstream] : [],
  )
  if (running.length < processesMax) return
  const [idle] = running.filter(({ isIdle }) => isIdle).sort((a, b) => a.lastUsedMs - b.lastUsedMs)
  if (idle === undefined)
    throw new LinkError('unreachable', `${processesMax} processes of servers are at work for you; wait for answers`)
  await idle.rest()
}

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
    const open = async (events: LinkEvents) => {
      if (setup.kind === 'stdio') await makeRoom(owners, { principal: conversation.principal, starting: upstream })
      return setup.open(events, conversation.principal)
    }
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
