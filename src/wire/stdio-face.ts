import type { Readable, Writable } from 'node:stream'
import type { Era } from '../core/message.ts'
import type { Frame } from './envelope.ts'
import { eraOf } from './era.ts'
import type { JsonLimits } from './json.ts'
import { type LineWriter, lineWriter } from './line-writer.ts'
import { lineReader } from './lines.ts'
import type { Exchange, WireOddity } from './link.ts'
import { recover } from './recover.ts'
import { errorReply, type FrameFault, faultReply, readFrame, rpcCodes } from './rpc.ts'
import { sampleOf } from './stderr.ts'

export type StdioClient = {
  readonly input: Readable
  readonly output: Writable
  readonly connection: string
}

export type StdioFaceEvents = {
  accept(exchange: Exchange): Promise<void>
  oddity(what: WireOddity): void
}

export type FaceLimits = JsonLimits & {
  /** Exchanges that are open at one time; beyond it nothing more is read. */
  readonly inFlightMax: number
  /** What was asked before the client closed its end may still be answered for so long. */
  readonly lingerMs: number
}

export type StdioFace = {
  /** Sends what belongs to no exchange. */
  send(frame: Frame): Promise<void>
  /** Settles when the client is gone, with why; never rejects. */
  readonly closed: Promise<string>
  close(why: string): void
}

/** Serves one client over a pair of streams. */
export function serveStdio(client: StdioClient, events: StdioFaceEvents, limits: FaceLimits): StdioFace {
  const face = new Face(client, events, limits)
  return { send: frame => face.send(frame), closed: face.closed, close: why => face.close(why) }
}

class Face {
  readonly closed: Promise<string>
  readonly #client: StdioClient
  readonly #events: StdioFaceEvents
  readonly #limits: FaceLimits
  readonly #writer: LineWriter
  readonly #gone = new AbortController()
  readonly #send: (frame: Frame) => Promise<void>
  #settle: (why: string) => void = () => {}
  #era: Era = 'legacy'
  #open = 0
  /** Of those, the ones that only the client ends. */
  #endless = 0
  /** Lines that were read before their turn: the rest of one chunk of the stream, which is paused by then. */
  #early: Uint8Array[] = []
  #isCatchingUp = false
  #isEnding = false
  #linger: NodeJS.Timeout | undefined

  constructor(client: StdioClient, events: StdioFaceEvents, limits: FaceLimits) {
    this.#client = client
    this.#events = events
    this.#limits = limits
    this.#writer = lineWriter(client.output)
    this.#send = frame => this.#writer.write(frame.bytes)
    this.closed = new Promise(resolve => {
      this.#settle = resolve
    })
    this.#listen()
  }

  send(frame: Frame): Promise<void> {
    return this.#send(frame)
  }

  close(why: string): void {
    if (this.#gone.signal.aborted) return
    clearTimeout(this.#linger)
    this.#gone.abort(new Error(why))
    this.#client.input.destroy()
    this.#writer.end()
    this.#settle(why)
  }

  #listen(): void {
    const { input, output } = this.#client
    const reader = lineReader(this.#limits.bytesMax, {
      line: bytes => (this.#isFull() || this.#early.length > 0 ? this.#keep(bytes) : this.#line(bytes)),
      tooLong: head => this.#refuse(longLine(head, this.#limits.bytesMax), head),
    })
    input.on('data', (chunk: Uint8Array) => reader.push(chunk))
    input.once('end', () => {
      reader.end()
      this.#end()
    })
    input.once('error', () => this.close('the client is gone'))
    output.on('drain', () => this.#readOn())
    output.on('error', () => this.close('the client reads no more'))
    output.once('close', () => this.close('the client reads no more'))
  }

  #end(): void {
    this.#isEnding = true
    if (this.#isAllSaid()) this.close('the client closed its end')
    else this.#linger = setTimeout(() => this.close('the client closed its end'), this.#limits.lingerMs)
  }

  #line(bytes: Uint8Array): void {
    const read = readFrame(bytes, this.#limits)
    if (!read.ok) {
      this.#refuse(read, bytes)
      return
    }
    this.#era = eraOf(read.frame.envelope) ?? this.#era
    this.#open++
    if (this.#isFull()) this.#client.input.pause()
    const exchange = this.#exchange(read.frame)
    this.#events.accept(exchange).catch(cause => this.#broken(exchange, cause))
  }

  // A plain object, since the gateway spreads exchanges; only `end` is made anew for each.
  #exchange(frame: Frame): Exchange {
    let isOver = false
    const isEndless = 'method' in frame.envelope && frame.envelope.method === 'subscriptions/listen'
    if (isEndless) this.#endless++
    const end = (reply: { readonly frame: Frame } | undefined): Promise<void> => {
      if (isOver) return over
      isOver = true
      const sent = reply === undefined ? over : this.#send(reply.frame)
      if (isEndless) this.#endless--
      this.#done()
      return sent
    }
    const { connection } = this.#client
    const signal = this.#gone.signal
    return { frame, era: this.#era, connection, headers: noHeaders, signal, send: this.#send, end }
  }

  /** What was sent stays bounded in both ways: exchanges that are open, and answers that are not read. */
  #isFull(): boolean {
    return this.#open >= this.#limits.inFlightMax || this.#writer.heldBytes() > this.#limits.bytesMax
  }

  /** A client that is gone waits for the answers to what it asked, and for nothing that has no answer. */
  #isAllSaid(): boolean {
    return this.#open === this.#endless && this.#early.length === 0
  }

  #done(): void {
    this.#open--
    this.#readOn()
    if (this.#isEnding && this.#isAllSaid()) setImmediate(() => this.close('the client closed its end'))
  }

  #keep(line: Uint8Array): void {
    this.#client.input.pause()
    this.#early.push(line)
  }

  #readOn(): void {
    // An exchange may end before `#line` returns, and come here again from inside the loop.
    if (this.#isCatchingUp) return
    this.#isCatchingUp = true
    for (let line = this.#next(); line !== undefined; line = this.#next()) this.#line(line)
    this.#isCatchingUp = false
    if (this.#client.input.isPaused() && !this.#isFull()) this.#client.input.resume()
  }

  #next(): Uint8Array | undefined {
    return this.#isFull() ? undefined : this.#early.shift()
  }

  #refuse(fault: FrameFault, head: Uint8Array): void {
    const code = fault.code === 'too-deep' ? 'not-rpc' : fault.code
    this.#events.oddity({ code, detail: fault.detail, sample: sampleOf(head) })
    const reply = faultReply(fault)
    if (reply !== undefined) void this.send(reply)
  }

  #broken(exchange: Exchange, cause: unknown): void {
    const name = cause instanceof Error ? cause.name : typeof cause
    this.#events.oddity({ code: 'not-rpc', detail: `an exchange broke: ${name}`, sample: '' })
    const { envelope } = exchange.frame
    const error = { code: rpcCodes.internal, message: 'the gateway could not handle this; see its log' }
    const reply = envelope.kind === 'request' ? { frame: errorReply(envelope.id, error) } : undefined
    void exchange.end(reply)
  }
}

const noHeaders: Readonly<Record<string, string>> = Object.freeze({})
const over = Promise.resolve()

function longLine(head: Uint8Array, bytesMax: number): FrameFault {
  return { ok: false, code: 'too-long', detail: `a line is limited to ${bytesMax} bytes`, from: recover(head) }
}
