import type { Principal, ServerName } from '../core/brand.ts'
import type { JsonObject } from '../core/json.ts'
import type { Body, Era } from '../core/message.ts'
import type { Frame, RequestId } from '../wire/envelope.ts'
import type { GiveUp } from '../wire/give-up.ts'
import type { Exchange } from '../wire/link.ts'
import { type Directory, newDirectory } from './directory.ts'
import type { Refusal } from './refusal.ts'
import type { Task } from './task-register.ts'
import type { Upstream } from './upstream.ts'
import type { Work } from './work.ts'

/** One client on one connection (stdio) or in one session (HTTP): what is in flight, and how to reach it unasked. */
export type Conversation = {
  id: string
  readonly principal: Principal
  /** Of the latest message: a client may probe in one era and settle in the other. */
  era: Era
  /** Several clients of one principal share it, so that their request ids may collide. */
  readonly isCrowded: boolean
  /** The piece of work that it belongs to; known better once the client has said who it is. */
  work: Work
  /** What the client said in its handshake; empty until then and in the modern era. */
  handshake: JsonObject
  lastUsedMs: number
  readonly upstreams: Map<ServerName, Upstream>
  /** Requests that wait for their answer, by the client's own id; in a crowd, by the id on the server's side. */
  readonly flights: Map<RequestId, Flight>
  /** Requests that came, from then until they are answered: how to give one up that is not on its way yet. */
  readonly coming: Map<RequestId, GiveUp>
  /** The client's notifications to its only server, until it has them: what is asked afterwards must not overtake it. */
  telling?: Promise<void> | undefined
  /** Requests of servers that wait for the client's answer, by the id that the client was shown. */
  readonly asked: Map<RequestId, Asked>
  /** Requests whose stream ended before their answer: it comes over a stream that resumes. */
  readonly postponed: Map<RequestId, { readonly body: Body; readonly method: string }>
  /** Names under which this client knows several servers' things. */
  readonly directory: Directory
  /** Tasks that were started here, and on which server they live. */
  readonly tasks: Map<string, Task & { readonly server: ServerName }>
  readonly outbox: Outbox
}

/** One thing a client sent, and the piece of work that it belongs to from first to last. */
export type Errand = Exchange & {
  readonly work: Work
  /** Whether its client took it back before it went out. */
  readonly giveUp?: GiveUp
}

/** A request on its way. */
export type Flight = {
  readonly exchange: Errand
  readonly method: string
  readonly body: Body
  readonly upstream: Upstream
  /** The id on the server's side. */
  readonly upstreamId: RequestId
  readonly startedMs: number
  progressMs: number
  readonly abort: GiveUp
  /** Why it was ended from our side, when it was. */
  ended?: { readonly kind: 'cancelled' } | { readonly kind: 'refused'; readonly refusal: Refusal }
}

export type Asked = {
  readonly upstream: Upstream
  readonly originalId: RequestId
  readonly method: string
}

/** Requests in flight, and questions of servers, per conversation. */
export const flightsMax = 1000

/** Messages for a client outside any of its requests: a stream when it listens, a bounded queue while it does not. */
export type Outbox = {
  push(frame: Frame): Promise<void>
  /** Attaches the stream that the client listens on; returns how to detach it. */
  attach(send: (frame: Frame) => Promise<void>): () => void
}

const queueMax = 256

export function newOutbox(): Outbox {
  const waiting: Frame[] = []
  let send: ((frame: Frame) => Promise<void>) | undefined
  return {
    async push(frame) {
      if (send !== undefined) return send(frame)
      // The oldest goes first: what a client has not fetched for 256 messages, it will list anew.
      if (waiting.push(frame) > queueMax) waiting.shift()
    },
    attach(to) {
      send = to
      const late = waiting.splice(0)
      void (async () => {
        for (const frame of late) await to(frame)
      })().catch(() => {})
      return () => {
        if (send === to) send = undefined
      }
    },
  }
}

export function newConversation(
  about: Pick<Conversation, 'id' | 'principal' | 'era' | 'work' | 'isCrowded'>,
  nowMs: number,
): Conversation {
  return {
    ...about,
    handshake: {},
    lastUsedMs: nowMs,
    upstreams: new Map(),
    flights: new Map(),
    coming: new Map(),
    asked: new Map(),
    postponed: new Map(),
    directory: newDirectory(),
    tasks: new Map(),
    outbox: newOutbox(),
  }
}

/** Ends everything that hangs on a conversation: requests in flight are aborted, its own connections closed. */
export async function endConversation(conversation: Conversation): Promise<void> {
  for (const flight of conversation.flights.values()) flight.abort.now()
  conversation.flights.clear()
  conversation.asked.clear()
  await Promise.all([...conversation.upstreams.values()].map(upstream => upstream.close()))
  conversation.upstreams.clear()
}
