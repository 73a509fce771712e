import type { ServerName } from '../core/brand.ts'
import type { JsonObject } from '../core/json.ts'
import { type Frame, frameOf } from '../wire/envelope.ts'
import { type Link, LinkError, type LinkEvents, type Reply } from '../wire/link.ts'

export type UpstreamState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready' }
  /** `hasRun`: it was up and went, other than one that could not be started. */
  | { readonly kind: 'broken'; readonly why: string; readonly hasRun: boolean; readonly retryAtMs: number }

export type UpstreamOptions = {
  readonly server: ServerName
  readonly kind: 'stdio' | 'http'
  open(events: LinkEvents): Promise<Link>
  readonly events: LinkEvents
  /** No use for this long ends the connection; the next use starts it anew. Infinity keeps it. */
  readonly idleMs: number
  /** A handshake that was not answered by then counts as failed. */
  readonly handshakeMs: number
  onState(state: UpstreamState): void
  now(): number
}

const backOffFirstMs = 250
const backOffMaxMs = 30_000

/** One connection to one server over its whole life: started on first use, ended when idle, started again after a crash. */
export class Upstream {
  readonly server: ServerName
  readonly #options: UpstreamOptions
  #state: UpstreamState = { kind: 'idle' }
  #link: Promise<Link> | undefined
  /** The same connection while it is up: a call need not wait for what has long been there. */
  #ready: Link | undefined
  /** Which connection counts: one that was ended can take its time over it, and must then break nothing of the next. */
  #turn = 0
  #failures = 0
  #inUse = 0
  #idleTimer: NodeJS.Timeout | undefined
  #isOver = false
  /** The legacy handshake as the client made it, to be made again after a restart. */
  #handshake: JsonObject | undefined
  #sessionHeaders: Readonly<Record<string, string>> = {}
  #nextId = 0
  #lastUsedMs = 0

  constructor(options: UpstreamOptions) {
    this.#options = options
    this.server = options.server
  }

  get kind(): 'stdio' | 'http' {
    return this.#options.kind
  }

  get state(): UpstreamState {
    return this.#state
  }

  /** Whether it holds a process of its own, up or on its way. */
  get isRunning(): boolean {
    return this.#options.kind === 'stdio' && this.#link !== undefined
  }

  get isIdle(): boolean {
    return this.#inUse === 0
  }

  get lastUsedMs(): number {
    return this.#lastUsedMs
  }

  /** Ends the connection until it is used again. */
  rest(): Promise<void> {
    clearTimeout(this.#idleTimer)
    return this.#end()
  }

  /** Headers that tie requests to the legacy HTTP session that this connection opened. */
  get sessionHeaders(): Readonly<Record<string, string>> {
    return this.#sessionHeaders
  }

  /** Remembers a handshake that went through, so that a restart can repeat it. */
  shook(params: JsonObject, reply: Reply): void {
    this.#handshake = params
    this.#keepSession(params, reply)
  }

  /** An id that no client uses on this connection. */
  freshId(): string {
    this.#nextId += 1
    return `sallyport-${this.#nextId}`
  }

  /** Runs one use of the connection; while any is running, the connection is not idle. */
  async use<T>(work: (link: Link) => Promise<T>): Promise<T> {
    this.#inUse += 1
    this.#lastUsedMs = this.#options.now()
    clearTimeout(this.#idleTimer)
    try {
      return await work(this.#ready ?? (await this.#started()))
    } finally {
      this.#inUse -= 1
      if (this.#inUse === 0) this.#idleSoon()
    }
  }

  async close(): Promise<void> {
    this.#isOver = true
    clearTimeout(this.#idleTimer)
    await this.#end()
  }

  #started(): Promise<Link> {
    if (this.#isOver) return Promise.reject(new LinkError('closed', `${this.server} is closed`))
    const state = this.#state
    if (state.kind === 'broken' && state.retryAtMs > this.#options.now()) {
      const seconds = Math.ceil((state.retryAtMs - this.#options.now()) / 1000)
      return Promise.reject(new LinkError('unreachable', `${state.why}; next try in ${seconds} s`))
    }
    this.#link ??= this.#start(++this.#turn)
    return this.#link
  }

  async #start(turn: number): Promise<Link> {
    this.#enter({ kind: 'starting' })
    try {
      const link = await this.#options.open(this.#options.events)
      await this.#introduce(link)
      if (turn === this.#turn) {
        this.#ready = link
        this.#enter({ kind: 'ready' })
      }
      void link.closed.then(why => this.#fail(why, { hasRun: true, turn }))
      return link
    } catch (cause) {
      this.#fail(cause instanceof Error ? cause.message : String(cause), { hasRun: false, turn })
      throw cause
    }
  }

  /** A server that is started anew and will not shake hands is ended: each further try would leave another behind. */
  async #introduce(link: Link): Promise<void> {
    try {
      if (this.#handshake !== undefined) await this.#repeatHandshake(link, this.#handshake)
    } catch (cause) {
      void link.close().catch(() => {})
      throw cause
    }
  }

  async #repeatHandshake(link: Link, params: JsonObject): Promise<void> {
    const signal = AbortSignal.timeout(this.#options.handshakeMs)
    const frame = frameOf({ kind: 'request', id: this.freshId(), method: 'initialize', params })
    const reply = await link.request(frame, { signal, headers: {}, related: async () => {} })
    if (reply?.frame.envelope.kind !== 'result')
      throw new LinkError('protocol', `${this.server} refused to start again`)
    this.#keepSession(params, reply)
    await link.notify(initialized, this.#sessionHeaders)
  }

  #keepSession(params: JsonObject, { frame, http }: Reply): void {
    const session = http?.headers['mcp-session-id']
    const result = frame.envelope.kind === 'result' ? frame.envelope.result : undefined
    const agreed =
      result !== null && typeof result === 'object' && 'protocolVersion' in result
        ? result['protocolVersion']
        : params['protocolVersion']
    this.#sessionHeaders = {
      ...(session === undefined ? {} : { 'mcp-session-id': session }),
      ...(typeof agreed === 'string' ? { 'mcp-protocol-version': agreed } : {}),
    }
  }

  #fail(why: string, { hasRun, turn }: { hasRun: boolean; turn: number }): void {
    if (turn !== this.#turn) return
    this.#link = undefined
    this.#ready = undefined
    const waitMs = Math.min(backOffFirstMs * 2 ** this.#failures, backOffMaxMs)
    this.#failures += 1
    this.#enter({ kind: 'broken', why, hasRun, retryAtMs: this.#options.now() + waitMs })
  }

  /** A request was answered: whatever was wrong is over. */
  worked(): void {
    this.#failures = 0
  }

  #idleSoon(): void {
    if (!Number.isFinite(this.#options.idleMs) || this.#isOver) return
    this.#idleTimer = setTimeout(() => void this.#end(), this.#options.idleMs)
    this.#idleTimer.unref()
  }

  async #end(): Promise<void> {
    const link = this.#link
    this.#turn += 1
    this.#enter({ kind: 'idle' })
    this.#link = undefined
    this.#ready = undefined
    await link?.then(open => open.close()).catch(() => {})
  }

  #enter(state: UpstreamState): void {
    if (this.#state.kind === state.kind && state.kind !== 'broken') return
    this.#state = state
    this.#options.onState(state)
  }
}

const initialized: Frame = frameOf({ kind: 'notification', method: 'notifications/initialized', params: {} })
