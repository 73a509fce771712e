import type { Era } from '../core/message.ts'
import type { Frame } from './envelope.ts'

/**
 * The two ends that the gateway joins. An Exchange is one thing a client sent and the way back to it; a Link is one
 * connection to a server. Both faces exist for stdio and for HTTP, and neither knows what kind the other is.
 */
export type Exchange = {
  readonly frame: Frame
  readonly era: Era
  /** Groups the exchanges of one transport connection or legacy HTTP session; says nothing about who it is. */
  readonly connection: ConnectionId
  /** Headers that a relay to an HTTP server keeps, lower-case names, hop-by-hop and credentials left out. */
  readonly headers: Readonly<Record<string, string>>
  /** Aborts when the client went away or, in the modern era over HTTP, cancelled by closing the stream. */
  readonly signal: AbortSignal
  /** A message that belongs to this exchange and precedes its end: progress, logs, server requests. Honours backpressure. */
  send(frame: Frame): Promise<void>
  /** The last word: the response; or nothing, when what came was a notification or a response (202 over HTTP). */
  end(reply: Reply | undefined): Promise<void>
}

export type ConnectionId = string

export type Reply = {
  readonly frame: Frame
  /** HTTP only: what an HTTP server answered with, so that a relay can answer the same. */
  readonly http?: { readonly status: number; readonly headers: Readonly<Record<string, string>> }
}

export type RequestOptions = {
  readonly signal: AbortSignal
  readonly headers: Readonly<Record<string, string>>
  /** Messages that come before the response and belong to it. The link waits for the promise: backpressure. */
  related(frame: Frame): Promise<void>
}

/** A connection to one server. Requests may be in flight side by side; ids on it are unique and the caller's business. */
export type Link = {
  /** Resolves with the response, whether result or error. Rejects with a LinkError when there will be none. */
  request(frame: Frame, options: RequestOptions): Promise<Reply>
  /** Sends a notification, or the answer to a request that the server made. */
  notify(frame: Frame, headers: Readonly<Record<string, string>>): Promise<void>
  /** Ends the connection: EOF → TERM → KILL for a process, DELETE for a legacy HTTP session. */
  close(): Promise<void>
  /** Settles when the connection is over, with why; never rejects. */
  readonly closed: Promise<string>
}

/** What a link tells its owner outside any request. */
export type LinkEvents = {
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
    | 'bad-utf8'
    | 'not-rpc'
    | 'unknown-id'
    | 'stderr'
    | 'bad-event'
    | 'bad-http'
  readonly detail: string
  readonly sample: string
}

/** Broken I/O towards a server, with a code that policy, audit and refusals can name. */
export class LinkError extends Error {
  readonly code: 'closed' | 'spawn-failed' | 'too-long' | 'refused-address' | 'unreachable' | 'protocol' | 'aborted'

  constructor(code: LinkError['code'], message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'LinkError'
    this.code = code
  }
}
