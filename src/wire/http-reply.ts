import { setTimeout as sleep } from 'node:timers/promises'
import type { Dispatcher } from 'undici'
import type { Frame, RequestId } from './envelope.ts'
import { checkAnswer, headOf, isStream, readAnswer } from './http-answer.ts'
import { callUpstream, discard, postAside, type Upstream } from './http-call.ts'
import { type Listener, type Progress, readStream } from './http-stream.ts'
import { LinkError, type Reply, type RequestOptions } from './link.ts'

type Response = Dispatcher.ResponseData

/** One request in flight, and whom its messages go to. */
export type Asked = { readonly upstream: Upstream; readonly id: RequestId; readonly options: RequestOptions }

/** The response to a request, from a JSON body or an event stream. */
export async function replyFrom(asked: Asked, response: Response): Promise<Reply | undefined> {
  checkAnswer(asked.upstream, response)
  if (isStream(response)) return followStream(asked, response)
  const frame = await readAnswer(asked.upstream, response, asked.id)
  if (frame === undefined) throw new LinkError('protocol', `${asked.upstream.origin} answered a request with nothing`)
  if (!isReply(frame, asked.id))
    throw new LinkError(
      'protocol',
      `${asked.upstream.origin} answered a request with something that is not its response`,
    )
  return { frame, http: headOf(response) }
}

function isReply({ envelope }: Frame, id: RequestId): boolean {
  return (envelope.kind === 'result' && envelope.id === id) || (envelope.kind === 'error' && (envelope.id ?? id) === id)
}

async function followStream(asked: Asked, first: Response): Promise<Reply | undefined> {
  const { upstream, options } = asked
  const http = headOf(first)
  options.relay?.opened(http)
  const progress: Progress = { events: 0 }
  let response = first
  for (let idle = 0; ; idle++) {
    const before = progress.events
    const frame = await untilReply(asked, response, progress)
    if (frame !== undefined) return { frame, http }
    if (options.relay !== undefined) return undefined
    if (progress.events > before) idle = 0
    if (progress.lastEventId === undefined || idle >= upstream.limits.resumesMax)
      throw new LinkError('closed', `${upstream.origin} ended its stream without the response`)
    response = await resume(asked, progress)
  }
}

async function resume({ upstream, options }: Asked, progress: Progress): Promise<Response> {
  const { retryMsMin, retryMsMax } = upstream.limits
  const retryMs = Math.max(retryMsMin, Math.min(progress.retryMs ?? 1000, retryMsMax))
  await sleep(retryMs, undefined, { signal: options.signal }).catch((cause: unknown) => {
    throw new LinkError('aborted', `${upstream.origin}: the request was given up`, cause)
  })
  const response = await callUpstream(upstream, {
    method: 'GET',
    headers: options.headers,
    signal: options.signal,
    ...(progress.lastEventId === undefined ? {} : { lastEventId: progress.lastEventId }),
  })
  checkAnswer(upstream, response)
  if (isStream(response)) return response
  discard(response)
  throw new LinkError('closed', `${upstream.origin} did not resume its stream (${response.statusCode})`)
}

const lingerMs = 2000

/** Settles with the response as soon as it is there; what is left of the stream is read and thrown away. */
function untilReply(asked: Asked, response: Response, progress: Progress): Promise<Frame | undefined> {
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
          setTimeout(() => response.body.destroy(), lingerMs).unref()
          resolve(frame)
        } else
          upstream.events.oddity({ code: 'unknown-id', detail: 'a response to no request was dropped', sample: '' })
      },
      unread: error => {
        if (!isAnswered) throw error
      },
    }
    readStream(response.body, listener).then(
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
