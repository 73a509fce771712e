import { isObject, type Json } from '../core/json.ts'
import type { Envelope, Frame, RequestId } from './envelope.ts'
import { LinkError, type LinkEvents, type Reply, type RequestOptions } from './link.ts'

type Request = Extract<Envelope, { kind: 'request' }>

type Waiting = {
  readonly id: RequestId
  readonly method: string
  readonly token: Json | undefined
  readonly options: RequestOptions
  resolve(reply: Reply): void
  reject(error: LinkError): void
  /** Messages that belong to this request and are still being handed on; the answer waits for them. */
  tail: Promise<void> | undefined
}

/** Frames handed on and not yet taken, over all requests; beyond it the server is not read. */
const handedOnMax = 64
const subscriptionKey = 'io.modelcontextprotocol/subscriptionId'

// They speak of the server as a whole, whatever happens to be in flight.
const aboutServer = new Set([
  'notifications/tools/list_changed',
  'notifications/prompts/list_changed',
  'notifications/resources/list_changed',
  'notifications/resources/updated',
  'notifications/elicitation/complete',
  'notifications/tasks',
  'notifications/tasks/status',
])

/** The requests in flight on one connection, and which of them a line from the server belongs to. */
export class Pending {
  onPressure: (isHigh: boolean) => void = () => {}
  readonly #events: LinkEvents
  readonly #max: number
  readonly #waiting = new Map<RequestId, Waiting>()
  readonly #byToken = new Map<Json, Waiting>()
  readonly #bySignal = new WeakMap<AbortSignal, Set<Waiting>>()
  readonly #server: Pick<Waiting, 'tail'> = { tail: undefined }
  #handedOn = 0
  #over: LinkError | undefined

  constructor(events: LinkEvents, max: number) {
    this.#events = events
    this.#max = max
  }

  /** Why a request cannot be sent. Asked before a byte of it is written: what is refused here must not run there. */
  refusal(id: RequestId): LinkError | undefined {
    if (this.#over !== undefined) return this.#over
    if (this.#waiting.size >= this.#max) return new LinkError('protocol', `${this.#max} requests are in flight already`)
    return this.#waiting.has(id) ? new LinkError('protocol', 'a request with this id is in flight') : undefined
  }

  add({ id, method, params }: Request, options: RequestOptions): Promise<Reply> {
    const refused = this.refusal(id)
    if (refused !== undefined) return Promise.reject(refused)
    return new Promise((resolve, reject) => {
      const meta = params['_meta']
      const token = isObject(meta) ? meta['progressToken'] : undefined
      const waiting: Waiting = { id, method, token, options, resolve, reject, tail: undefined }
      this.#waiting.set(id, waiting)
      if (token !== undefined) this.#byToken.set(token, waiting)
      this.#follow(options, waiting)
    })
  }

  take(frame: Frame): void {
    const { envelope } = frame
    if (envelope.kind === 'result' || envelope.kind === 'error') {
      this.#answer(frame, envelope.id)
      return
    }
    this.#events.heard?.(frame)
    const owner = this.#ownerOf(envelope)
    if (owner === undefined) this.#handOn(this.#server, () => this.#events.unsolicited(frame))
    else this.#handOn(owner, () => owner.options.related(frame))
  }

  fail(id: RequestId | null, error: LinkError): void {
    const waiting = id === null ? undefined : this.#waiting.get(id)
    if (waiting === undefined) return
    this.#remove(waiting)
    waiting.reject(error)
  }

  /** The connection is over: what waits fails, and so does whatever is asked from now on. */
  end(error: LinkError): void {
    this.#over = error
    for (const { id } of [...this.#waiting.values()]) this.fail(id, error)
  }

  #answer(frame: Frame, id: RequestId | null): void {
    const waiting = id === null ? undefined : this.#waiting.get(id)
    if (waiting === undefined) {
      const detail = id === null ? 'an error without an id' : 'an answer to nothing that is in flight'
      const sample = Buffer.from(frame.bytes.subarray(0, 200)).toString()
      this.#events.oddity({ code: 'unknown-id', detail, sample })
      return
    }
    this.#remove(waiting)
    if (waiting.tail === undefined) waiting.resolve({ frame })
    else void waiting.tail.then(() => waiting.resolve({ frame }))
  }

  /**
   * Progress by its token, what a subscription sent by its id; of the rest a line does not say what it belongs to, so
   * it belongs to the only request in flight, or to none.
   */
  #ownerOf(envelope: Exclude<Envelope, { kind: 'result' | 'error' }>): Waiting | undefined {
    const { method, params } = envelope
    if (method === 'notifications/progress') return this.#byToken.get(params['progressToken'] ?? null)
    const meta = params['_meta']
    const subscription = isObject(meta) ? meta[subscriptionKey] : undefined
    if (typeof subscription === 'string' || typeof subscription === 'number') return this.#waiting.get(subscription)
    return aboutServer.has(method) ? undefined : this.#only()
  }

  #only(): Waiting | undefined {
    let only: Waiting | undefined
    for (const waiting of this.#waiting.values()) {
      if (waiting.method === 'subscriptions/listen') continue
      if (only !== undefined) return undefined
      only = waiting
    }
    return only
  }

  // One chain per request: a client that reads slowly holds up its own messages and, in bounds, nobody else's.
  #handOn(chain: Pick<Waiting, 'tail'>, hand: () => Promise<void>): void {
    if (++this.#handedOn === handedOnMax) this.onPressure(true)
    const tail: Promise<void> = (chain.tail === undefined ? hand() : chain.tail.then(hand))
      // The client is gone or the message was refused: either way there is nobody left to tell.
      .catch(() => {})
      .then(() => {
        if (chain.tail === tail) chain.tail = undefined
        if (--this.#handedOn === handedOnMax - 1) this.onPressure(false)
      })
    chain.tail = tail
  }

  #remove(waiting: Waiting): void {
    this.#waiting.delete(waiting.id)
    if (waiting.token !== undefined && this.#byToken.get(waiting.token) === waiting) this.#byToken.delete(waiting.token)
    if (waiting.options.giveUp === undefined) this.#bySignal.get(waiting.options.signal)?.delete(waiting)
  }

  #follow(options: RequestOptions, waiting: Waiting): void {
    const { giveUp } = options
    if (giveUp === undefined) this.#followSignal(options.signal, waiting)
    else
      giveUp.onGivenUp(() => {
        // By then another request may have the same id.
        if (this.#waiting.get(waiting.id) === waiting) this.fail(waiting.id, givenUp())
      })
  }

  // One listener per signal, not per request: many requests may share one.
  #followSignal(signal: AbortSignal, waiting: Waiting): void {
    const known = this.#bySignal.get(signal)
    if (known !== undefined) {
      known.add(waiting)
      return
    }
    const group = new Set([waiting])
    this.#bySignal.set(signal, group)
    const abort = (): void => {
      for (const { id } of [...group]) this.fail(id, givenUp())
    }
    signal.addEventListener('abort', abort, { once: true })
  }
}

function givenUp(): LinkError {
  return new LinkError('aborted', 'the caller went away')
}
