import type { Principal } from '../core/brand.ts'
import type { Json } from '../core/json.ts'
import type { Era } from '../core/message.ts'
import type { Frame } from './envelope.ts'
import type { GiveUp } from './give-up.ts'

/**
 * The two ends that the gateway joins. An Exchange is one thing a client sent and the way back to it; a Link is one
 * connection to a server. Both faces exist for stdio and for HTTP, and neither knows what kind the other is.
 */
export type Exchange = {
  readonly frame: Frame
  readonly era: Era
  /** Groups the exchanges of one transport connection or legacy HTTP session; says nothing about who it is. */
  readonly connection: ConnectionId
  /** Who sent it, where the face can tell: HTTP authenticates every request. */
  readonly principal?: Principal
  /** Headers that a relay to an HTTP server keeps, lower-case names, hop-by-hop and credentials left out. */
  readonly headers: Readonly<Record<string, string>>
  /** Aborts when the client went away or, in the modern era over HTTP, cancelled by closing the stream. */
  readonly signal: AbortSignal
  /** A message that belongs to this exchange and precedes its end: progress, logs, server requests. Honours backpressure. */
  send(frame: Frame): Promise<void>
  /** The last word: the response; or nothing, when none is due (202 over HTTP) or when a relayed stream ended early. */
  end(reply: Reply | undefined): Promise<void>
  /** On faces that speak HTTP: handed to a link as it is, it lets a stream arrive as the server sent it. */
  readonly relay?: StreamRelay
}

/** What an HTTP server answered with, so that a relay can answer the same. Hop-by-hop headers and credentials left out. */
export type HttpHead = { readonly status: number; readonly headers: Readonly<Record<string, string>> }

/** The parts of an event stream that are not messages. */
export type StreamRelay = {
  /** The stream is open, before its first event. Without it the face opens the stream when something is sent. */
  opened(head: HttpHead): void
  /** An event without a message (a point to resume from, a time to wait) or a comment that keeps the stream alive. */
  marked(mark: EventMark): Promise<void>
}

export type EventMark = { readonly id?: string; readonly retryMs?: number; readonly comment?: string }

/** A stream that a legacy HTTP client opened to hear what belongs to no request, or to resume one that broke off. */
export type ClientStream = {
  readonly connection: ConnectionId
  readonly principal: Principal
  readonly headers: Readonly<Record<string, string>>
  readonly lastEventId?: string
  readonly signal: AbortSignal
  send(frame: Frame): Promise<void>
  /** Ends the stream; where it was never opened, `refusal` is the answer (405 when nothing better is known). */
  end(refusal?: HttpAnswer): Promise<void>
  readonly relay: StreamRelay
}

/** An HTTP answer that may lack a message. */
export type HttpAnswer = HttpHead & { readonly frame?: Frame }

export type ConnectionId = string

export type Reply = {
  readonly frame: Frame
  /** HTTP only: what an HTTP server answered with, so that a relay can answer the same. */
  readonly http?: HttpHead
}

export type RequestOptions = {
  readonly signal: AbortSignal
  /** Where it is there, a link may heed it instead of `signal`, which is then only made when it is looked at. */
  readonly giveUp?: GiveUp
  readonly headers: Readonly<Record<string, string>>
  /** Of the tool that is called: which of its arguments a server over HTTP wants in headers, too. */
  readonly schema?: Json | undefined
  /** Messages that come before the response and belong to it. The link waits for the promise: backpressure. */
  related(frame: Frame): Promise<void>
  /**
   * Present when the caller's client speaks HTTP and resumes by itself: the server's stream is shown as it is, and its
   * early end is handed on as `undefined`. Absent: the link resumes the stream until the response is there.
   */
  readonly relay?: StreamRelay
}

export type ListenOptions = RequestOptions & { readonly lastEventId?: string }

/** A connection to one server. Requests may be in flight side by side; ids on it are unique and the caller's business. */
export type Link = {
  /**
   * Resolves with the response, whether result or error; with `undefined` only when `relay` was given and the server
   * ended the stream early. Rejects with a LinkError when there will be no response.
   */
  request(frame: Frame, options: RequestOptions): Promise<Reply | undefined>
  /** Sends a notification, or the answer to a request that the server made. An HTTP server may answer with an error. */
  notify(frame: Frame, headers: Readonly<Record<string, string>>): Promise<Reply | undefined>
  /** Ends the connection: EOF → TERM → KILL for a process, DELETE for a legacy HTTP session. */
  close(): Promise<void>
  /** Settles when the connection is over, with why; never rejects. */
  readonly closed: Promise<string>
}

/** A connection to an HTTP server, with what only HTTP has. */
export type HttpLink = Link & {
  /** Opens or resumes the legacy server stream. Resolves when it ends, or with the answer that refused it. */
  listen(options: ListenOptions): Promise<HttpAnswer | undefined>
  /** Relays the end of a client's legacy session. */
  finish(headers: Readonly<Record<string, string>>): Promise<HttpAnswer>
}

/** What a link tells its owner outside any request. */
export type LinkEvents = {
  /** Whatever is no answer, as soon as it is read: it may then wait its turn to be handed on, behind a client that reads slowly. */
  heard?(frame: Frame): void
  /** A notification or server request that belongs to no request in flight. */
  unsolicited(frame: Frame): Promise<void>
  /** Something on the wire that was refused, dropped or only recorded; `sample` is at most 200 bytes. */
  oddity(what: WireOddity): void
}

export type WireOddity = {
  readonly code:
    | 'not-json'
    | 'ambiguous'
    | 'too-long'
    | 'too-deep'
    | 'bad-utf8'
    | 'not-rpc'
    | 'unknown-id'
    | 'stderr'
    | 'bad-event'
    | 'bad-http'
  readonly detail: string
  readonly sample: string
}

export type LinkErrorCode =
  | 'closed'
  | 'spawn-failed'
  | 'too-long'
  | 'refused-address'
  | 'unreachable'
  | 'unauthorized'
  | 'timeout'
  | 'protocol'
  | 'aborted'

/** Broken I/O towards a server, with a code that policy, audit and refusals can name. */
export class LinkError extends Error {
  readonly code: LinkErrorCode

  constructor(code: LinkErrorCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'LinkError'
    this.code = code
  }
}
