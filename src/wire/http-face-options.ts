import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { Principal } from '../core/brand.ts'
import type { Json } from '../core/json.ts'
import type { OutletLimits } from './http-outlet.ts'
import type { ShareLimits } from './http-shares.ts'
import type { ClientStream, ConnectionId, Exchange, HttpAnswer, WireOddity } from './link.ts'

export type HttpFaceLimits = OutletLimits &
  ShareLimits & {
    readonly bodyBytes: number
    readonly depth: number
    /** From a connection's first byte to the end of its headers, and from there to the end of the body. */
    readonly headersMs: number
    readonly bodyMs: number
    /** How long a connection may be silent: between requests, and during one. */
    readonly idleMs: number
    readonly silentMs: number
    readonly connections: number
    /** Requests being answered at one time; pipelining lets one connection hold many. */
    readonly inFlight: number
  }

export const httpFaceLimits: HttpFaceLimits = {
  bodyBytes: 10 * 1024 * 1024,
  depth: 64,
  headersMs: 10_000,
  bodyMs: 60_000,
  idleMs: 65_000,
  silentMs: 600_000,
  keepAliveMs: 15_000,
  stallMs: 60_000,
  connections: 1024,
  inFlight: 2048,
  connectionsEach: 768,
  inFlightEach: 1536,
}

/** What a client sends to end its legacy session. */
export type Farewell = {
  readonly connection: ConnectionId
  readonly principal: Principal
  readonly headers: Readonly<Record<string, string>>
}

export type HttpFaceOptions = {
  readonly host?: string
  readonly port?: number
  /** The one path that is served, exactly. */
  readonly path: string
  /** Names a request may be addressed to, and origins a page may come from, beside loopback's own. */
  readonly hosts?: readonly string[]
  readonly origins?: readonly string[]
  readonly limits?: Partial<HttpFaceLimits>
  /** Who sends; undefined is answered with 401. Comparing in constant time is the callback's business. */
  authenticate(headers: IncomingHttpHeaders): MaybePromise<{ readonly principal: Principal } | undefined>
  /** The `WWW-Authenticate` header of a 401. */
  readonly challenge?: string
  /** A request, notification or response of a client. The exchange ends when its `end` is called. */
  handle(exchange: Exchange): Promise<void>
  /** A legacy client opens its stream; 405 where this is absent. */
  listen?(stream: ClientStream): Promise<void>
  /** A legacy client ends its session; 405 where this is absent. */
  finish?(farewell: Farewell): Promise<HttpAnswer>
  /** The input schema of a tool under the name in the body, for headers that mirror its parameters. */
  schemaOf?(tool: string, principal: Principal): Json | undefined
  /** Every other path; Host and Origin have been judged, nobody is authenticated. 404 where this is absent. */
  elsewhere?(request: IncomingMessage, response: ServerResponse): void
  oddity?(what: WireOddity): void
  /** A callback that threw: a bug on our side, answered with an internal error. */
  failed?(cause: unknown): void
}

type MaybePromise<T> = T | Promise<T>
