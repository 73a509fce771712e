import type { Readable } from 'node:stream'
import type { Frame } from './envelope.ts'
import { callUpstream, postAside, type Upstream } from './http-call.ts'
import { type HttpTarget, upstreamOf } from './http-link.ts'
import { readStream } from './http-stream.ts'
import { type Link, LinkError, type LinkEvents, type Reply, type RequestOptions } from './link.ts'
import { Pending } from './pending.ts'

const inFlightMax = 1024

/**
 * Connects to a server of the 2024-11-05 transport: one long stream brings everything the server says, and its first
 * event names the address that messages are posted to. Rejects when the server does not speak it.
 */
export async function openSseLink(target: HttpTarget, events: LinkEvents): Promise<Link> {
  const upstream = upstreamOf(target, events)
  const gone = new AbortController()
  const ending = Promise.withResolvers<string>()
  const pending = new Pending(events, inFlightMax)
  const end = (why: string, cause?: unknown): void => {
    pending.end(cause instanceof LinkError ? cause : new LinkError('closed', `${upstream.origin}: ${why}`, cause))
    gone.abort()
    ending.resolve(why)
    void upstream.pool.destroy()
  }
  try {
    const body = await openStream(upstream, gone.signal)
    const line: Line = { upstream, pending, post: await entrance({ upstream, pending, body, end }) }
    return {
      request: (frame, options) => request(line, frame, options),
      notify: frame => notify(line, frame),
      close: async () => end('closed'),
      closed: ending.promise,
    }
  } catch (cause) {
    end('it could not be opened', cause)
    throw cause
  }
}

type Line = { readonly upstream: Upstream; readonly pending: Pending; readonly post: Upstream }

async function openStream(upstream: Upstream, signal: AbortSignal): Promise<Readable> {
  const call = { method: 'GET', headers: {}, signal, silentMs: 0, reads: 'stream' } as const
  const { stream, statusCode } = await callUpstream(upstream, call)
  if (stream !== undefined) return stream
  const { origin } = upstream
  throw new LinkError('protocol', `${origin} speaks neither Streamable HTTP nor the older HTTP+SSE (${statusCode})`)
}

type Opening = {
  readonly upstream: Upstream
  readonly pending: Pending
  readonly body: Readable
  end(why: string, cause?: unknown): void
}

/** Starts to read the stream and waits for the address to post to. */
async function entrance({ upstream, pending, body, end }: Opening): Promise<Upstream> {
  const { origin, limits } = upstream
  const found: Found = Promise.withResolvers<Upstream>()
  const late = setTimeout(() => {
    found.reject(new LinkError('timeout', `${origin} named no address to post to in time`))
  }, limits.connectMs)
  let calm = Promise.withResolvers<void>()
  calm.resolve()
  pending.onPressure = isHigh => {
    if (isHigh) calm = Promise.withResolvers<void>()
    else calm.resolve()
  }
  const reading = readStream(body, {
    upstream,
    progress: { events: 0 },
    relay: undefined,
    named: (name, data) => name === 'endpoint' && take(found, upstream, data),
    answer: async frame => postAside(await found.promise, frame, {}),
    message: frame => {
      pending.take(frame)
      return calm.promise
    },
    unread: (error, id) => {
      // Nobody can say whose answer it was, so the connection is no longer of use to any of them.
      if (id === null) throw error
      pending.fail(id, error)
    },
  })
  const over = (cause?: unknown): void => {
    found.reject(cause ?? new LinkError('closed', `${origin} ended its stream before it said where to post`))
    end('the server ended its stream', cause)
  }
  reading.then(() => over(), over)
  return found.promise.finally(() => clearTimeout(late))
}

type Found = PromiseWithResolvers<Upstream> & { isTaken?: true }

/** The first address holds; false for a later one, which would lead the messages somewhere else halfway. */
function take(found: Found, upstream: Upstream, data: Uint8Array): boolean {
  if (found.isTaken) return false
  found.isTaken = true
  const endpoint = endpointOf(upstream, Buffer.from(data).toString())
  if (endpoint === undefined)
    found.reject(
      new LinkError('protocol', `${upstream.origin} wants messages posted to another origin; that is refused`),
    )
  else found.resolve(endpoint)
  return true
}

/** Another origin would receive every message, and the credentials configured for this one. */
function endpointOf(upstream: Upstream, text: string): Upstream | undefined {
  const address = `${upstream.origin}${upstream.path}`
  const url = URL.canParse(text, address) ? new URL(text, address) : undefined
  if (url?.origin !== upstream.origin || url.username !== '' || url.password !== '') return undefined
  return { ...upstream, path: url.pathname + url.search }
}

function request({ pending, post }: Line, frame: Frame, options: RequestOptions): Promise<Reply | undefined> {
  const { envelope, bytes } = frame
  if (envelope.kind !== 'request') throw new TypeError(`a ${envelope.kind} is not a request`)
  const refused = pending.refusal(envelope.id)
  if (refused !== undefined) return Promise.reject(refused)
  const reply = pending.add(envelope, options)
  // The answer comes over the stream; what the POST itself says matters only when it is a refusal.
  const { signal } = options
  callUpstream(post, { method: 'POST', headers: {}, signal, body: bytes })
    .then(response => accepted(post, response))
    .catch((error: LinkError) => pending.fail(envelope.id, error))
  return reply
}

async function notify({ post }: Line, frame: Frame): Promise<undefined> {
  accepted(post, await callUpstream(post, { method: 'POST', headers: {}, body: frame.bytes }))
  return undefined
}

function accepted(upstream: Upstream, response: Awaited<ReturnType<typeof callUpstream>>): void {
  if (response.statusCode >= 400)
    throw new LinkError('protocol', `${upstream.origin} refused a message (${response.statusCode})`)
}
