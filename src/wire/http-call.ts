import type { Dispatcher } from 'undici'
import type { Json } from '../core/json.ts'
import type { Envelope, Frame } from './envelope.ts'
import type { GiveUp } from './give-up.ts'
import { type Headers, headersFor } from './header-mirror.ts'
import { type Answer, type AnswerHeaders, dispatched } from './http-dispatch.ts'
import { mediaType, requestHeaders } from './http-headers.ts'
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

export type OwnSession = {
  id?: string
  version?: string
  /** The server's own stream is being heard. */
  isHeard?: boolean
}

export type Call = {
  readonly method: 'POST' | 'GET' | 'DELETE'
  readonly headers: Headers
  readonly envelope?: Envelope
  readonly schema?: Json | undefined
  readonly body?: Uint8Array
  readonly lastEventId?: string
  readonly signal?: AbortSignal
  /** The same, for whoever has no signal. */
  readonly giveUp?: GiveUp | undefined
  /** What is read of the answer beside its head: all of it or its event stream, only an event stream, nothing. */
  readonly reads?: 'answer' | 'stream'
  /** Overrides the limit on silence; 0 for streams that may rightly be quiet for hours. */
  readonly silentMs?: number
}

/**
 * One HTTP request. Redirects are refused: following one would carry credentials to a place nobody configured. So are missing
 * credentials and codings, which are nobody's but the gateway's to deal with.
 */
export async function callUpstream(upstream: Upstream, call: Call): Promise<Answer> {
  const { origin, pool, limits } = upstream
  const reads = (statusCode: number, headers: AnswerHeaders) => readsOf(upstream, call, { statusCode, headers })
  const wanted = { reads, bytesMax: limits.messageBytes, abort: followed(upstream, call) }
  let answer: Answer
  try {
    answer = await dispatched(pool, requestOf(upstream, call), wanted)
  } catch (cause) {
    throw brokenCall(origin, cause)
  }
  const fault = faultOf(upstream, answer)
  if (fault !== undefined) throw fault
  return answer
}

function requestOf(upstream: Upstream, call: Call) {
  const { origin, path, limits } = upstream
  return {
    origin,
    path,
    method: call.method,
    headers: headersOf(upstream, call),
    headersTimeout: limits.answerMs,
    bodyTimeout: call.silentMs ?? limits.silentMs,
    body: call.body ?? null,
  }
}

/** Has a call given up when its caller does; one that was given up before it began throws. */
function followed({ origin }: Upstream, { signal, giveUp }: Call): (abort: (cause: Error) => void) => void {
  const cause = (): LinkError => new LinkError('aborted', `${origin}: the request was given up`)
  if (giveUp !== undefined)
    return abort => {
      giveUp.onGivenUp(() => abort(cause()))
    }
  if (signal === undefined) return () => {}
  if (signal.aborted) throw cause()
  return abort => signal.addEventListener('abort', () => abort(cause()), { once: true })
}

type Head = Pick<Answer, 'statusCode' | 'headers'>

function readsOf(upstream: Upstream, { reads }: Call, head: Head): 'whole' | 'stream' | 'nothing' {
  if (reads === undefined || faultOf(upstream, head) !== undefined) return 'nothing'
  if (isEventStream(head)) return 'stream'
  return reads === 'answer' ? 'whole' : 'nothing'
}

function isEventStream({ statusCode, headers }: Head): boolean {
  return statusCode < 300 && mediaType(headers['content-type']) === 'text/event-stream'
}

function faultOf({ origin }: Upstream, { statusCode, headers }: Head): LinkError | undefined {
  if (statusCode >= 300 && statusCode < 400)
    return new LinkError(
      'protocol',
      `${origin} redirects (${statusCode}); put the final address into the configuration`,
    )
  if (statusCode === 401)
    return new LinkError('unauthorized', `${origin} wants credentials (401); set them under this server's headers`)
  const coding = headers['content-encoding']
  if (coding !== undefined && coding !== 'identity')
    return new LinkError('protocol', `${origin} compressed its answer although nobody asked for that`)
  return undefined
}

/** Posts a message whose answer interests nobody. */
export async function postAside(upstream: Upstream, frame: Frame, headers: Headers): Promise<void> {
  await callUpstream(upstream, { method: 'POST', headers, body: frame.bytes })
}

/** What mirrors the body is made from the body that goes out: a guard may have changed it, and nothing else was judged. */
function isSentOn(name: string, { headers, envelope }: Call): boolean {
  if (name === 'mcp-method') return envelope !== undefined && 'method' in envelope && headers[name] === envelope.method
  return name !== 'last-event-id' && name !== 'mcp-name' && !name.startsWith('mcp-param-')
}

function headersOf(upstream: Upstream, call: Call): Record<string, string> {
  // Filtered here as well as at the face: whatever a caller hands over, a client's credentials never leave this process.
  const headers: Record<string, string> = { ...requestHeaders(call.headers) }
  for (const name in headers) if (!isSentOn(name, call)) delete headers[name]
  if (upstream.session?.id !== undefined) headers['mcp-session-id'] = upstream.session.id
  if (upstream.session?.version !== undefined) headers['mcp-protocol-version'] = upstream.session.version
  if (call.envelope !== undefined) Object.assign(headers, headersFor(call.envelope, call.schema))
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
