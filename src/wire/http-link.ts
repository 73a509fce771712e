import { dialPolicyFor, type Resolve } from './dial.ts'
import type { Frame } from './envelope.ts'
import type { Headers } from './header-mirror.ts'
import { headOf, plainError } from './http-answer.ts'
import {
  callUpstream,
  type HttpLinkLimits,
  httpLinkLimits,
  type OwnSession,
  postAside,
  type Upstream,
} from './http-call.ts'
import type { Answer } from './http-dispatch.ts'
import { replyFrom } from './http-reply.ts'
import { keepListening, learnSession } from './http-session.ts'
import { type Listener, readStream } from './http-stream.ts'
import {
  type HttpAnswer,
  type HttpLink,
  LinkError,
  type LinkEvents,
  type ListenOptions,
  type Reply,
  type RequestOptions,
} from './link.ts'
import { poolFor } from './shared-pool.ts'

export type HttpTarget = {
  readonly url: string
  /** Sent with everything, above all the credentials for this server; they win over what a client sent. */
  readonly headers?: Headers
  readonly mayBePrivate?: boolean
  /**
   * One client stands behind this link and speaks no HTTP: the link keeps its legacy session, says the version and hears
   * the server's own stream. Otherwise every client brings its session header, and nothing is remembered.
   */
  readonly keepsSession?: boolean
  readonly limits?: Partial<HttpLinkLimits>
  /** Answers for DNS in tests. */
  readonly resolve?: Resolve
}

/** A link to a Streamable HTTP server, of either era. Nothing is dialled before the first message. */
export function openHttpLink(target: HttpTarget, events: LinkEvents): HttpLink {
  const upstream = upstreamOf(target, events)
  const ending = Promise.withResolvers<string>()
  const life = { upstream, end: ending.resolve, gone: new AbortController() }
  return {
    request: (frame, options) => request(life, frame, options),
    notify: (frame, headers) => notify(life, frame, headers),
    listen: options => listen(upstream, options),
    finish: headers => finish(upstream, headers),
    close: () => close(life),
    closed: ending.promise,
  }
}

type Life = { readonly upstream: Upstream; readonly gone: AbortController; end(why: string): void }

/** What every call to a configured server needs; refuses URLs that are no HTTP addresses or hold credentials. */
export function upstreamOf(target: HttpTarget, events: LinkEvents): Upstream {
  const url = urlOf(target.url)
  const limits = { ...httpLinkLimits, ...target.limits }
  const policy = dialPolicyFor(url, target.mayBePrivate ?? false)
  const session: OwnSession | undefined = target.keepsSession === true ? {} : undefined
  const configured = Object.entries(target.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    pool: poolFor({ ...policy, origin: url.origin }, limits, target.resolve),
    configured: Object.fromEntries(configured),
    limits,
    events,
    session,
  }
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/u.test(url.protocol))
    throw new LinkError('protocol', 'The server URL must be an absolute http or https address')
  if (url.username !== '' || url.password !== '')
    throw new LinkError('protocol', `Credentials do not belong into the URL of ${url.host}; put them under headers`)
  return url
}

async function request(life: Life, frame: Frame, options: RequestOptions): Promise<Reply | undefined> {
  const { upstream } = life
  const { envelope, bytes } = frame
  if (envelope.kind !== 'request') throw new TypeError(`a ${envelope.kind} is not a request`)
  const { headers, giveUp, schema } = options
  // A signal is only made where somebody looks at it.
  const until = giveUp === undefined ? { signal: options.signal } : { giveUp }
  const response = await callUpstream(upstream, {
    method: 'POST',
    headers,
    ...until,
    envelope,
    schema,
    body: bytes,
    reads: 'answer',
  })
  const reply = await replyFrom({ upstream, id: envelope.id, options }, response)
  if (upstream.session !== undefined)
    keepSession(life, envelope.method, { reply, headers: response.headers as Headers })
  return reply
}

type Kept = { readonly reply: Reply | undefined; readonly headers: Headers }

function keepSession({ upstream, end }: Life, method: string, { reply, headers }: Kept): void {
  const session = upstream.session ?? {}
  if (method === 'initialize' && reply !== undefined) learnSession(session, headers, reply.frame.envelope)
  if (session.id === undefined || reply?.http?.status !== 404) return
  end('the server ended the session')
  throw new LinkError('closed', `${upstream.origin} no longer knows the session; connect anew`)
}

async function notify(life: Life, frame: Frame, headers: Headers): Promise<Reply | undefined> {
  const { upstream } = life
  const { envelope, bytes } = frame
  const response = await callUpstream(upstream, { method: 'POST', headers, envelope, body: bytes, reads: 'stream' })
  if (response.stream !== undefined) {
    // Old servers answer a notification with an empty stream; whatever it says belongs to no request.
    await readStream(response.stream, unsolicited(upstream, headers))
    return undefined
  }
  const { statusCode } = response
  const isReady = envelope.kind === 'notification' && envelope.method === 'notifications/initialized'
  if (isReady && upstream.session !== undefined) hearOnce(life, upstream.session)
  return statusCode < 300 ? undefined : { frame: plainError(statusCode, null), http: headOf(response) }
}

/** A client can say any number of times that it is ready: each would else hold a stream of the server open for good. */
function hearOnce({ upstream, gone }: Life, session: OwnSession): void {
  if (session.isHeard === true) return
  session.isHeard = true
  void keepListening(upstream, gone.signal).finally(() => {
    session.isHeard = false
  })
}

function unsolicited(upstream: Upstream, headers: Headers): Listener {
  return {
    upstream,
    answer: frame => postAside(upstream, frame, headers),
    progress: { events: 0 },
    relay: undefined,
    message: frame => upstream.events.unsolicited(frame),
    unread: () => {},
  }
}

/** Opens the legacy server stream, or resumes one from an event on, and reads it to its end. */
export async function listen(upstream: Upstream, options: ListenOptions): Promise<HttpAnswer | undefined> {
  const { headers, signal, lastEventId, relay } = options
  const from = lastEventId === undefined ? {} : { lastEventId }
  const response = await callUpstream(upstream, {
    method: 'GET',
    headers,
    signal,
    silentMs: 0,
    reads: 'stream',
    ...from,
  })
  if (response.stream === undefined) {
    if (response.statusCode >= 400) return refusalOf(response)
    throw new LinkError('protocol', `${upstream.origin} answered a request for its stream with something else`)
  }
  relay?.opened(headOf(response))
  await readStream(response.stream, {
    ...unsolicited(upstream, headers),
    relay,
    message: frame => options.related(frame),
  })
  return undefined
}

async function finish(upstream: Upstream, headers: Headers): Promise<HttpAnswer> {
  const response = await callUpstream(upstream, { method: 'DELETE', headers })
  return response.statusCode >= 400 ? refusalOf(response) : headOf(response)
}

/** The server's status in our words: nobody has asked it anything, so no guard will read what it has to say. */
function refusalOf(response: Answer): HttpAnswer {
  return { ...headOf(response), frame: plainError(response.statusCode, null) }
}

const farewellMs = 2000

async function close({ upstream, gone, end }: Life): Promise<void> {
  gone.abort()
  if (upstream.session?.id !== undefined)
    await callUpstream(upstream, { method: 'DELETE', headers: {}, signal: AbortSignal.timeout(farewellMs) }).then(
      () => {},
      () => {}, // the server may be gone already: then so is the session
    )
  await upstream.pool.destroy()
  end('closed')
}
