import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { BodyRead } from './http-body.ts'
import { parseHeaders } from './undici-parts.ts'

/** An answer of a server: its head, and as much of the rest as was wanted. */
export type Answer = {
  readonly statusCode: number
  readonly headers: AnswerHeaders
  /** The body of an event stream, still to be read. */
  readonly stream?: Readable
  /** The body of any other answer. */
  readonly whole?: BodyRead
}

export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>

export type Wanted = {
  /** Called with the head: whether the body is collected, handed over as a stream, or thrown away. */
  reads(statusCode: number, headers: AnswerHeaders): 'whole' | 'stream' | 'nothing'
  /** Of a body that is collected. */
  readonly bytesMax: number
}

/**
 * Sends one request without the stream, the promise and the signal that `request` makes for each: most answers are one
 * small body. `abort` is told how to give the call up, as soon as it can be; rejects when it breaks before its head is there.
 */
export function dispatched(
  agent: Dispatcher,
  options: Dispatcher.DispatchOptions,
  { abort, ...wanted }: Wanted & { abort(giveUp: (cause: Error) => void): void },
): Promise<Answer> {
  return new Promise((resolve, reject) => agent.dispatch(options, new Receiver(wanted, { abort, resolve, reject })))
}

type Waiting = {
  abort(giveUp: (cause: Error) => void): void
  resolve(answer: Answer): void
  reject(cause: Error): void
}

/** So much of a body that nobody reads is let in, so that its connection can be used again. */
const ignoredBytesMax = 64 * 1024

/** What undici tells about one request. Owns the answer's body while it arrives. */
class Receiver implements Dispatcher.DispatchHandler {
  readonly #wanted: Wanted
  readonly #waiting: Waiting
  #reads: 'whole' | 'stream' | 'nothing' = 'nothing'
  #head: { statusCode: number; headers: AnswerHeaders } | undefined
  #stream: Readable | undefined
  #chunks: Uint8Array[] = []
  #bytes = 0
  #isOver = false
  #abort: (cause: Error) => void = () => {}

  constructor(wanted: Wanted, waiting: Waiting) {
    this.#wanted = wanted
    this.#waiting = waiting
  }

  onConnect(abort: (cause?: Error) => void): void {
    this.#abort = abort
    this.#waiting.abort(cause => {
      if (!this.#isOver) abort(cause)
    })
  }

  onHeaders(statusCode: number, raw: Buffer[], resume: () => void): boolean {
    if (statusCode < 200) return true
    const headers: AnswerHeaders = parseHeaders(raw)
    this.#head = { statusCode, headers }
    this.#reads = this.#wanted.reads(statusCode, headers)
    if (this.#reads === 'whole') return true
    if (this.#reads === 'stream') this.#stream = this.#openStream(resume)
    this.#waiting.resolve(this.#stream === undefined ? this.#head : { ...this.#head, stream: this.#stream })
    return true
  }

  onData(chunk: Uint8Array): boolean {
    if (this.#stream !== undefined) return this.#stream.push(chunk)
    this.#bytes += chunk.length
    if (this.#reads === 'nothing') {
      if (this.#bytes > ignoredBytesMax) this.#abort(new Error('nobody reads this'))
    } else if (this.#bytes <= this.#wanted.bytesMax) this.#chunks.push(chunk)
    else {
      this.#chunks = []
      this.#settle({ ok: false, why: 'too-long' })
      this.#abort(new Error('too long'))
    }
    return true
  }

  onComplete(): void {
    this.#isOver = true
    if (this.#stream !== undefined) this.#stream.push(null)
    else if (this.#reads === 'whole')
      this.#settle({ ok: true, bytes: this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks) })
  }

  onError(cause: Error): void {
    this.#isOver = true
    if (this.#head === undefined) this.#waiting.reject(cause)
    else if (this.#stream !== undefined) this.#stream.destroy(cause)
    else if (this.#reads === 'whole') this.#settle({ ok: false, why: 'broken', cause })
  }

  #settle(whole: BodyRead): void {
    if (this.#head !== undefined) this.#waiting.resolve({ ...this.#head, whole })
  }

  #openStream(resume: () => void): Readable {
    const stream = new Readable({
      read: () => resume(),
      destroy: (cause, done) => {
        if (!this.#isOver) this.#abort(cause ?? new Error('nobody reads this stream any more'))
        done(cause)
      },
    })
    // What breaks before anybody listens is told again by `close`.
    return stream.on('error', () => {})
  }
}
