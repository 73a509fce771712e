import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Frame, RequestId } from './envelope.ts'
import { headOf, readAnswer } from './http-answer.ts'
import { callUpstream, postAside, type Upstream } from './http-call.ts'
import type { Answer } from './http-dispatch.ts'
import { type Listener, type Progress, readStream } from './http-stream.ts'
import { type HttpHead, LinkError, type Reply, type RequestOptions } from './link.ts'

/** One request in flight, and whom its messages go to. */
export type Asked = { readonly upstream: Upstream; readonly id: RequestId; readonly options: RequestOptions }

/** The response to a request, from a JSON body or an event stream. */
export async function replyFrom(asked: Asked, answer: Answer): Promise<Reply | undefined> {
  if (answer.stream !== undefined) return followStream(asked, answer.stream, headOf(answer))
  const frame = readAnswer(asked.upstream, answer, asked.id)
  if (frame === undefined) throw new LinkError('protocol', `${asked.upstream.origin} answered a request with nothing`)
  if (!isReply(frame, asked.id))
    throw new LinkError(
      'protocol',
      `${asked.upstream.origin} answered a request with something that is not its response`,
    )
  return { frame, http: headOf(answer) }
}

function isReply({ envelope }: Frame, id: RequestId): boolean {
  return (envelope.kind === 'result' && envelope.id === id) || (envelope.kind === 'error' && (envelope.id ?? id) === id)
}

async function followStream(asked: Asked, first: Readable, http: HttpHead): Promise<Reply | undefined> {
  const { upstream, options } = asked
  options.relay?.opened(http)
  const progress: Progress = { events: 0 }
  let stream = first
  for (let idle = 0; ; idle++) {
    const before = progress.events
    const frame = await untilReply(asked, stream, progress)
    if (frame !== undefined) return { frame, http }
    if (options.relay !== undefined) return undefined
    if (progress.events > before) idle = 0
    if (progress.lastEventId === undefined || idle >= upstream.limits.resumesMax)
      throw new LinkError('closed', `${upstream.origin} ended its stream without the response`)
    stream = await resume(asked, progress)
  }
}

async function resume({ upstream, options }: Asked, progress: Progress): Promise<Readable> {
  const { retryMsMin, retryMsMax } = upstream.limits
  const retryMs = Math.max(retryMsMin, Math.min(progress.retryMs ?? 1000, retryMsMax))
  await sleep(retryMs, undefined, { signal: options.signal }).catch((cause: unknown) => {
    throw new LinkError('aborted', `${upstream.origin}: the request was given up`, cause)
  })
  const { stream, statusCode } = await callUpstream(upstream, {
    method: 'GET',
    headers: options.headers,
    signal: options.signal,
    giveUp: options.giveUp,
    reads: 'stream',
    ...(progress.lastEventId === undefined ? {} : { lastEventId: progress.lastEventId }),
  })
  if (stream !== undefined) return stream
  throw new LinkError('closed', `${upstream.origin} did not resume its stream (${statusCode})`)
}

const lingerMs = 2000

/** Settles with the response as soon as it is there; what is left of the stream is read and thrown away. */
function untilReply(asked: Asked, stream: Readable, progress: Progress): Promise<Frame | undefined> {
  const { upstream, id, options } = asked
  return new Promise((resolve, reject) => {
    let isAnswered = false
    const listener: Listener = {
      upstream,
      progress,
      relay: options.relay,
      answer: reply => postAside(upstream, reply, options.headers),
      message: async frame => {
        const { kind } = frame.envelope
        if (isAnswered) late(upstream)
        else if (kind === 'request' || kind === 'notification') await options.related(frame)
        else if (isReply(frame, id)) {
          isAnswered = true
          setTimeout(() => stream.destroy(), lingerMs).unref()
          resolve(frame)
        } else
          upstream.events.oddity({ code: 'unknown-id', detail: 'a response to no request was dropped', sample: '' })
      },
      unread: error => {
        if (!isAnswered) throw error
      },
    }
    readStream(stream, listener).then(
      () => resolve(undefined),
      (error: LinkError) => {
        const mayResume = error.code === 'closed' && progress.lastEventId !== undefined
        if (mayResume) resolve(undefined)
        else reject(error)
      },
    )
  })
}

function late({ events }: Upstream): void {
  events.oddity({ code: 'unknown-id', detail: 'a message after the response was dropped', sample: '' })
}
