import type { Dispatcher } from 'undici'
import { type DialLimits, type DialPolicy, type Resolve, safeAgent } from './dial.ts'
import { BareDispatcher, ClientDestroyedError } from './undici-parts.ts'

type Place = DialPolicy & { readonly origin: string }
type Handler = Dispatcher.DispatchHandler

type Shared = { readonly agent: Dispatcher; links: number }
const pools = new Map<string, Shared>()

/**
 * The connections of one link. Links to the same place under the same policy share them: what is asked says in its headers whose
 * it is, and a session that rests then holds no connection, and no pool, of its own.
 */
export function poolFor(place: Place, limits: Required<DialLimits>, resolve?: Resolve): Dispatcher {
  const key = `${place.origin} ${place.isLoopback} ${place.mayBePrivate} ${limits.connectMs}`
  const known = resolve === undefined ? pools.get(key) : undefined
  const shared = known ?? { agent: safeAgent(place, { connectMs: limits.connectMs }, resolve), links: 0 }
  shared.links += 1
  if (resolve === undefined) pools.set(key, shared)
  return new LinkPool(shared.agent, limits.connections, async () => {
    shared.links -= 1
    if (shared.links > 0) return
    if (pools.get(key) === shared) pools.delete(key)
    await shared.agent.destroy()
  })
}

/** One link's part in connections that others use too: it ends its own calls, and the connections when nobody is left. */
class LinkPool extends BareDispatcher {
  readonly #agent: Dispatcher
  readonly #most: number
  readonly #release: () => Promise<void>
  readonly #calls = new Set<LinkCall>()
  /** Beyond what one link may have open: that bound is its own, so that no link holds up another. */
  readonly #waiting = new Map<LinkCall, Dispatcher.DispatchOptions>()
  #isOver = false

  constructor(agent: Dispatcher, most: number, release: () => Promise<void>) {
    super()
    this.#agent = agent
    this.#most = most
    this.#release = release
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Handler): boolean {
    if (this.#isOver) throw new ClientDestroyedError()
    const call = new LinkCall(handler, () => this.#ended(call))
    if (this.#calls.size < this.#most) return this.#start(options, call)
    this.#waiting.set(call, options)
    call.offer()
    return false
  }

  override destroy(): Promise<void> {
    if (this.#isOver) return Promise.resolve()
    this.#isOver = true
    for (const call of [...this.#waiting.keys()]) call.giveUp()
    for (const call of [...this.#calls]) call.giveUp()
    return this.#release()
  }

  #start(options: Dispatcher.DispatchOptions, call: LinkCall): boolean {
    this.#calls.add(call)
    call.offer()
    return call.isOver || this.#agent.dispatch(options, call)
  }

  #ended(call: LinkCall): void {
    this.#waiting.delete(call)
    if (!this.#calls.delete(call) || this.#isOver) return
    const [next] = this.#waiting
    if (next === undefined) return
    this.#waiting.delete(next[0])
    this.#start(next[1], next[0])
  }
}

/** Hands a call's events on and knows how to end it, also while it still waits for its connection. */
class LinkCall implements Handler {
  readonly #handler: Handler
  readonly #ended: () => void
  #abort: ((error?: Error) => void) | undefined
  #isOver = false
  #isOffered = false

  constructor(handler: Handler, ended: () => void) {
    this.#handler = handler
    this.#ended = ended
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Tells whoever asked how to give the call up: long before there is a connection, or one that is given up would still be sent. */
  offer(): void {
    if (this.#isOffered) return
    this.#isOffered = true
    this.#handler.onConnect?.(error => this.giveUp(error))
  }

  giveUp(error: Error = new ClientDestroyedError()): void {
    if (this.#isOver) return
    if (this.#abort !== undefined) this.#abort(error)
    else this.onError(error)
  }

  onConnect(abort: (error?: Error) => void): void {
    this.#abort = abort
    if (this.#isOver) abort(new ClientDestroyedError())
  }

  onHeaders(...head: Parameters<NonNullable<Handler['onHeaders']>>): boolean {
    return this.#handler.onHeaders?.(...head) ?? true
  }

  onData(chunk: Buffer): boolean {
    return this.#handler.onData?.(chunk) ?? true
  }

  onComplete(trailers: string[] | null): void {
    this.#end()
    this.#handler.onComplete?.(trailers)
  }

  onError(error: Error): void {
    if (this.#isOver) return
    this.#end()
    this.#handler.onError?.(error)
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#ended()
  }
}
