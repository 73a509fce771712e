import type { Readable } from 'node:stream'
import type { Frame, RequestId } from './envelope.ts'
import { unreadable } from './http-answer.ts'
import { brokenCall, type Upstream } from './http-call.ts'
import { LinkError, type StreamRelay } from './link.ts'
import { type FrameFault, faultReply, readFrame } from './rpc.ts'
import { type SseEvent, type SseParser, sseParser } from './sse.ts'

/** Where a stream got to, so that it can be resumed. */
export type Progress = { lastEventId?: string; retryMs?: number; events: number }

export type Listener = {
  readonly upstream: Upstream
  readonly progress: Progress
  readonly relay: StreamRelay | undefined
  /** Sends the error that a server request gets when it cannot be accepted. */
  answer(frame: Frame): Promise<unknown>
  /** Takes an event of another name than `message`; false when it means nothing here. */
  named?(name: string, data: Uint8Array): boolean
  /** Takes a message; the stream is not read further until the promise settles. */
  message(frame: Frame): Promise<void>
  /** An event that may have been the response and could not be read, and why. Throwing ends the stream. */
  unread(error: LinkError, id: RequestId | null): void
}

/** Reads a server's event stream to its end, message by message; rejects with a LinkError when it breaks. */
export async function readStream(body: Readable, listener: Listener): Promise<void> {
  const { upstream } = listener
  const reader = { body, parser: sseParser(upstream.limits.messageBytes), listener }
  try {
    await drain(reader)
  } catch (cause) {
    body.on('error', () => {}).destroy()
    throw brokenCall(upstream.origin, cause)
  }
}

type Reader = { readonly body: Readable; readonly parser: SseParser; readonly listener: Listener }

function drain({ body, parser, listener }: Reader): Promise<void> {
  return new Promise((resolve, reject) => {
    let isBusy = false
    let isEnded = false
    const work = async (events: readonly SseEvent[]): Promise<void> => {
      isBusy = true
      body.pause()
      for (const event of events) await takeEvent(listener, event)
      isBusy = false
      if (isEnded) resolve()
      else body.resume()
    }
    body.on('data', (chunk: Uint8Array) => {
      const events = parser.push(chunk)
      if (events.length > 0) work(events).catch(reject)
    })
    body.once('end', () => {
      isEnded = true
      if (!isBusy) resolve()
    })
    body.once('error', reject)
    body.once('close', () => {
      if (!isEnded) reject(new LinkError('closed', `${listener.upstream.origin} broke off its stream`))
    })
  })
}

async function takeEvent(listener: Listener, event: SseEvent): Promise<void> {
  const { upstream, progress, relay } = listener
  const { comment, data, name, id, retryMs, isTooLong } = event
  if (comment !== undefined) return relay?.marked({ comment })
  if (isTooLong) return listener.unread(tooLong(upstream), null)
  progress.events++
  if (id !== undefined) progress.lastEventId = id
  if (retryMs !== undefined) progress.retryMs = retryMs
  if (data === undefined || data.length === 0) {
    return relay?.marked({ ...(id === undefined ? {} : { id }), ...(retryMs === undefined ? {} : { retryMs }) })
  }
  if (name !== undefined && name !== 'message') {
    if (listener.named?.(name, data) !== true) unknownEvent(upstream, name)
    return
  }
  const read = readFrame(data, { bytesMax: upstream.limits.messageBytes, depthMax: upstream.limits.depth })
  if (!read.ok) {
    const error = unreadable(upstream, data, read)
    return read.from.kind === 'request' ? answerFault(listener, read) : listener.unread(error, read.from.id)
  }
  await listener.message(id === undefined && retryMs === undefined ? read.frame : withMark(read.frame, event))
}

/** A server request that is refused gets its error, so that the server does not wait for an answer that never comes. */
async function answerFault(listener: Listener, fault: FrameFault): Promise<void> {
  const reply = fault.from.id === null ? undefined : faultReply(fault)
  if (reply !== undefined) await listener.answer(reply).catch(() => {}) // a courtesy: the message is refused either way
}

function unknownEvent({ events }: Upstream, name: string): void {
  events.oddity({ code: 'bad-event', detail: 'an event of an unknown name was dropped', sample: name.slice(0, 200) })
}

function withMark(frame: Frame, { id, retryMs }: SseEvent): Frame {
  return { ...frame, event: { ...(id === undefined ? {} : { id }), ...(retryMs === undefined ? {} : { retryMs }) } }
}

function tooLong({ origin, limits, events }: Upstream): LinkError {
  const detail = `an event of more than ${limits.messageBytes} bytes was discarded`
  events.oddity({ code: 'too-long', detail, sample: '' })
  return new LinkError('too-long', `${origin}: ${detail}`)
}
