import type { Dispatcher } from 'undici'
import type { Envelope, Frame } from './envelope.ts'
import { type Headers, headersFor } from './header-mirror.ts'
import { requestHeaders } from './http-headers.ts'
import { LinkError, type LinkErrorCode, type LinkEvents } from './link.ts'

export type HttpLinkLimits = {
  readonly messageBytes: number
  readonly depth: number
  readonly connectMs: number
  /** From the request to the first byte of its answer, and between two bytes of it. A caller's signal may be stricter. */
  readonly answerMs: number
  readonly silentMs: number
  /** Calls of one link that are open at one time; more wait. */
  readonly connections: number
  /** Attempts in a row to resume a stream without hearing anything new, and the longest wait between two. */
  readonly resumesMax: number
  readonly retryMsMax: number
  /** And the shortest, whatever the server wishes: one that ends each stream after an event would be asked without a pause. */
  readonly retryMsMin: number
}

export const httpLinkLimits: HttpLinkLimits = {
  messageBytes: 10 * 1024 * 1024,
  depth: 64,
  connectMs: 10_000,
  answerMs: 300_000,
  silentMs: 300_000,
  connections: 512,
  resumesMax: 8,
  retryMsMax: 30_000,
  retryMsMin: 50,
}

/** What all calls to one server share. */
export type Upstream = {
  readonly origin: string
  readonly path: string
  readonly pool: Dispatcher
  /** From the configuration, the server's own credentials among them; lower-case names. */
  readonly configured: Headers
  readonly limits: HttpLinkLimits
  readonly events: LinkEvents
  /** The legacy session that the link keeps itself; undefined when each client brings its own. */
  readonly session: OwnSession | undefined
}

export type OwnSession = { id?: string; version?: string }

export type Call = {
  readonly method: 'POST' | 'GET' | 'DELETE'
  readonly headers: Headers
  readonly envelope?: Envelope
  readonly body?: Uint8Array
  readonly lastEventId?: string
  readonly signal?: AbortSignal
  /** Overrides the limit on silence; 0 for streams that may rightly be quiet for hours. */
  readonly silentMs?: number
}

/** One HTTP request. Redirects come back as they are: following one would carry credentials to a place nobody configured. */
export async function callUpstream(upstream: Upstream, call: Call): Promise<Dispatcher.ResponseData> {
  const { origin, path, pool, limits } = upstream
  try {
    return await pool.request({
      origin,
      path,
      method: call.method,
      headers: headersOf(upstream, call),
      headersTimeout: limits.answerMs,
      bodyTimeout: call.silentMs ?? limits.silentMs,
      ...(call.body === undefined ? {} : { body: call.body }),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    })
  } catch (cause) {
    throw brokenCall(origin, cause)
  }
}

/** Lets go of a body that nobody will read, without leaving its connection half used for long. */
export function discard(response: Dispatcher.ResponseData): void {
  response.body.on('error', () => {})
  response.body.dump({ limit: 64 * 1024 }).catch(() => {})
}

/** Posts a message whose answer interests nobody. */
export async function postAside(upstream: Upstream, frame: Frame, headers: Headers): Promise<void> {
  discard(await callUpstream(upstream, { method: 'POST', headers, body: frame.bytes }))
}

function headersOf(upstream: Upstream, call: Call): Record<string, string> {
  // Filtered here as well as at the face: whatever a caller hands over, a client's credentials never leave this process.
  const headers: Record<string, string> = { ...requestHeaders(call.headers) }
  delete headers['last-event-id']
  if (upstream.session?.id !== undefined) headers['mcp-session-id'] = upstream.session.id
  if (upstream.session?.version !== undefined) headers['mcp-protocol-version'] = upstream.session.version
  if (call.envelope !== undefined) Object.assign(headers, headersFor(call.envelope))
  if (call.lastEventId !== undefined) headers['last-event-id'] = call.lastEventId
  headers['accept'] = call.method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream'
  if (call.body !== undefined) headers['content-type'] = 'application/json'
  headers['user-agent'] ??= 'sallyport'
  return Object.assign(headers, upstream.configured)
}

const codes: Readonly<Record<string, readonly [code: LinkErrorCode, what: string]>> = {
  UND_ERR_ABORTED: ['aborted', 'the request was given up'],
  ABORT_ERR: ['aborted', 'the request was given up'],
  UND_ERR_CONNECT_TIMEOUT: ['timeout', 'no connection in time'],
  UND_ERR_HEADERS_TIMEOUT: ['timeout', 'no answer in time'],
  UND_ERR_BODY_TIMEOUT: ['timeout', 'the answer stopped coming'],
  UND_ERR_HEADERS_OVERFLOW: ['protocol', 'its headers are too large'],
  UND_ERR_DESTROYED: ['closed', 'the link was closed'],
  UND_ERR_CLOSED: ['closed', 'the link was closed'],
  UND_ERR_SOCKET: ['closed', 'it closed the connection'],
  ECONNRESET: ['closed', 'it closed the connection'],
  ECONNREFUSED: ['unreachable', 'nothing listens there; is the server running?'],
  ENOTFOUND: ['unreachable', 'the host name is not known; check the URL'],
  EAI_AGAIN: ['unreachable', 'the host name cannot be looked up now'],
}

/** Broken I/O as a LinkError that says what happened and what to look at. */
export function brokenCall(origin: string, cause: unknown): LinkError {
  if (cause instanceof LinkError) return cause
  const error = cause instanceof Error ? cause : new Error(String(cause))
  const name = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  const known = codes[name === 'AbortError' ? 'ABORT_ERR' : name]
  if (known !== undefined) return new LinkError(known[0], `${origin}: ${known[1]}`, cause)
  if (name.startsWith('HPE_') || error.name === 'HTTPParserError')
    return new LinkError('protocol', `${origin}: its answer is not HTTP (${name})`, cause)
  return new LinkError('unreachable', `${origin}: connection failed (${name})`, cause)
}
