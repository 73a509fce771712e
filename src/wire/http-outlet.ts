import type { ServerResponse } from 'node:http'
import type { Era } from '../core/message.ts'
import type { Frame } from './envelope.ts'
import { statusOf } from './header-check.ts'
import type { Headers } from './header-mirror.ts'
import { answerHeaders } from './http-headers.ts'
import type { EventMark, HttpAnswer, HttpHead, Reply } from './link.ts'
import { sseMark, sseMessage } from './sse.ts'

export type OutletLimits = {
  /** How often a comment is sent on a quiet stream, so that nobody between takes it for dead. */
  readonly keepAliveMs: number
  /** How long a client may leave what was written unread before it is cut off. */
  readonly stallMs: number
}

const done = Promise.resolve()
const streamHead: HttpHead = { status: 200, headers: {} }
const keepAlive = Buffer.from(': keep-alive\n\n')

/**
 * The way back to one HTTP client: JSON while nothing but the last word was said, an event stream from the first thing
 * that came before it. Everything after the client went away is quietly nothing; `signal` tells that it did.
 */
export class HttpOutlet {
  readonly #response: ServerResponse
  readonly #limits: OutletLimits
  readonly #gone = new AbortController()
  #ticking: NodeJS.Timeout | undefined

  constructor(response: ServerResponse, limits: OutletLimits) {
    this.#response = response
    this.#limits = limits
    response.once('close', () => this.#close())
    response.once('error', () => this.#close())
  }

  get signal(): AbortSignal {
    return this.#gone.signal
  }

  get isOpen(): boolean {
    return this.#response.headersSent
  }

  /** Called once when the exchange is over, however it ended. */
  onClose(call: () => void): void {
    if (this.#response.destroyed) call()
    else this.#response.once('close', call)
  }

  /** Starts the event stream; later calls do nothing. */
  opened(head: HttpHead): void {
    const response = this.#response
    if (response.headersSent || response.destroyed) return
    response.writeHead(head.status, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      ...answerHeaders(head.headers),
    })
    response.flushHeaders()
    response.socket?.setNoDelay(true)
    this.#ticking = setInterval(() => this.#tick(), this.#limits.keepAliveMs)
    this.#ticking.unref()
  }

  send(frame: Frame): Promise<void> {
    this.opened(streamHead)
    return this.#write(sseMessage(frame.bytes, frame.event))
  }

  marked(mark: EventMark): Promise<void> {
    this.opened(streamHead)
    return this.#write(sseMark(mark))
  }

  /** The response to a request, or the end of its stream without one. */
  end(reply: Reply | undefined, era: Era): void {
    if (reply === undefined || this.#response.headersSent) {
      this.opened(streamHead)
      this.#finish(reply === undefined ? undefined : sseMessage(reply.frame.bytes, reply.frame.event))
      return
    }
    const status = reply.http?.status ?? statusOf(era, reply.frame.envelope)
    this.answer({ status, headers: reply.http?.headers ?? {}, frame: reply.frame })
  }

  /** A plain answer, with a message as JSON or without any body. */
  answer({ status, headers, frame }: HttpAnswer): void {
    if (frame === undefined) this.#respond(status, answerHeaders(headers))
    else this.#respond(status, { ...answerHeaders(headers), 'content-type': 'application/json' }, frame.bytes)
  }

  /** Refuses in our own name, where headers such as WWW-Authenticate may be said; closes, because a body may be unread. */
  refuse({ status, headers, frame }: HttpAnswer): void {
    const said = { ...headers, connection: 'close' }
    if (frame === undefined) this.#respond(status, said)
    else this.#respond(status, { ...said, 'content-type': 'application/json' }, frame.bytes)
  }

  #respond(status: number, headers: Headers, body?: Uint8Array): void {
    const response = this.#response
    if (response.headersSent || response.destroyed) return
    const length = status === 204 || status === 304 ? {} : { 'content-length': body?.length ?? 0 }
    response.writeHead(status, { ...headers, ...length })
    this.#finish(body)
  }

  #finish(last: Uint8Array | undefined): void {
    const response = this.#response
    clearInterval(this.#ticking)
    if (response.writableEnded || response.destroyed) return
    if (last === undefined) response.end()
    else response.end(last)
  }

  #write(bytes: Uint8Array): Promise<void> {
    const response = this.#response
    if (response.destroyed || response.writableEnded || response.write(bytes)) return done
    return new Promise(resolve => {
      const stalled = setTimeout(() => response.destroy(), this.#limits.stallMs)
      const settle = (): void => {
        clearTimeout(stalled)
        response.off('drain', settle)
        response.off('close', settle)
        resolve()
      }
      response.on('drain', settle)
      response.on('close', settle)
    })
  }

  #tick(): void {
    // A client that reads nothing needs no sign of life, and its buffer no more bytes.
    if (!this.#response.writableNeedDrain && !this.#response.writableEnded) this.#response.write(keepAlive)
  }

  #close(): void {
    clearInterval(this.#ticking)
    if (!this.#response.writableFinished) this.#gone.abort()
  }
}
