import type { Principal, ServerName } from '../core/brand.ts'
import { frameOf } from '../wire/envelope.ts'
import { newGiveUp } from '../wire/give-up.ts'
import type { ClientStream, Exchange, HttpAnswer, LinkEvents } from '../wire/link.ts'
import { carry } from './carry.ts'
import type { Conversation, Errand } from './conversation.ts'
import { fromServer, noteChange } from './inbound.ts'
import type { Desk } from './judge.ts'
import { carryMany } from './many.ts'
import { answerRest, wantedRest } from './more.ts'
import { answerServer, cancelFlight, heard, inTurn, notifyServer, tellAll } from './outbound.ts'
import { newPool, type Pool, type ServerSetup } from './pool.ts'
import { newReception, type Reception } from './reception.ts'
import { finishRelay, listenRelay } from './relay.ts'
import { singleRoute } from './single.ts'
import type { Upstream, UpstreamState } from './upstream.ts'
import type { Work } from './work.ts'

export type HubOptions = {
  readonly desk: Desk
  /** In the order of the configuration. */
  servers(): ReadonlyMap<ServerName, ServerSetup>
  /** Whether one server is all there is, switched-off ones counted: it keeps its names, several are told apart by prefix. */
  isAlone?(): boolean
  workFor(about: { principal: Principal; client: string; name: string | undefined }): Work
  onState(server: ServerName, state: UpstreamState): void
  oddity(server: ServerName | undefined, what: Parameters<LinkEvents['oddity']>[0]): void
  /** A conversation has begun: on stdio this is where its client starts to listen. */
  started?(conversation: Conversation): void
  readonly idleMs: number
  readonly conversationsMax: number
}

/** Where clients and servers meet: every message of every transport and era goes through `accept` and comes back out of it. */
export type Hub = {
  accept(exchange: Exchange): Promise<void>
  /** What a client hears outside its requests. On stdio it is always on; over HTTP the client opens it. */
  listen(stream: ClientStream): Promise<void>
  /** A legacy HTTP client ends its session. */
  finish(about: { headers: Readonly<Record<string, string>>; principal: Principal }): Promise<HttpAnswer>
  /** Tells the clients of several servers that what these offer may have changed. */
  announceChange(): void
  readonly pool: Pool
  readonly reception: Reception
  close(): Promise<void>
}

/** The parts that handle one exchange each. */
export type Floor = HubOptions & { readonly pool: Pool; readonly reception: Reception }

export function newHub(given: HubOptions): Hub {
  const options = { ...given, desk: { ...given.desk, isAlone: () => onlyServer(given) !== undefined } }
  const now = () => options.desk.now()
  const pool = newPool({
    ...options,
    now,
    eventsFor: (conversation, upstream) => eventsFor(options, conversation, upstream),
  })
  const reception = newReception({
    ...options,
    now,
    release: conversation => pool.release(conversation),
    allowsStateless: () => onlyServer(options)?.[1].kind === 'http',
  })
  const floor: Floor = { ...options, pool, reception }
  return {
    pool,
    reception,
    accept: exchange => accept(floor, exchange),
    listen: stream => listen(floor, stream),
    finish: about => finish(floor, about),
    announceChange: () => announceChange(floor),
    close: () => reception.close(),
  }
}

async function accept(floor: Floor, exchange: Exchange): Promise<void> {
  const conversation = floor.reception.admit(exchange)
  if (conversation === undefined) return exchange.end(noSession(exchange))
  const { envelope } = exchange.frame
  // Fixed here: by the time of the answer another client of a crowd may have moved the conversation to another work.
  const errand: Errand = { ...exchange, headers: ownHeaders(exchange.headers, conversation), work: conversation.work }
  switch (envelope.kind) {
    case 'request':
      return coming(floor, conversation, { ...errand, giveUp: newGiveUp() })
    case 'notification':
      return notification(floor, conversation, errand)
    case 'result':
    case 'error':
      return answer(floor, conversation, errand)
    default:
      return envelope satisfies never
  }
}

// The id of a session is believed by the server that gave it out: beside a message of the modern era, or of another
// session, it would lead into the session of whoever it belongs to.
function ownHeaders(headers: Exchange['headers'], { id }: Conversation): Exchange['headers'] {
  const session = headers['mcp-session-id']
  if (session === undefined || session === id) return headers
  const { 'mcp-session-id': _, ...others } = headers
  return others
}

async function coming(floor: Floor, conversation: Conversation, errand: Errand): Promise<void> {
  const { envelope } = errand.frame
  // In a crowd ids say nothing: whoever hangs up gives up.
  if (envelope.kind !== 'request' || errand.giveUp === undefined || conversation.isCrowded)
    return request(floor, conversation, errand)
  conversation.coming.set(envelope.id, errand.giveUp)
  try {
    await request(floor, conversation, errand)
  } finally {
    if (conversation.coming.get(envelope.id) === errand.giveUp) conversation.coming.delete(envelope.id)
  }
}

async function request(floor: Floor, conversation: Conversation, exchange: Errand): Promise<void> {
  const { envelope } = exchange.frame
  if (conversation.telling !== undefined) await heard(conversation)
  const only = onlyServer(floor)
  if (envelope.kind === 'request' && envelope.method === 'initialize') conversation.handshake = envelope.params
  const wanted = wantedRest(exchange, only === undefined)
  if (wanted !== undefined) return answerRest(floor.desk, { exchange, wanted })
  if (only === undefined) return carryMany(floor, conversation, exchange)
  const route = singleRoute(floor, { conversation, exchange, server: only[0], setup: only[1] })
  const trip = route instanceof Promise ? await route : route
  if (trip !== undefined) await carry(floor.desk, trip)
}

async function notification(floor: Floor, conversation: Conversation, exchange: Errand): Promise<void> {
  const { envelope } = exchange.frame
  if (envelope.kind !== 'notification') return
  if (envelope.method === 'notifications/cancelled') {
    // Of several clients behind one connection each could give up what the others asked, by guessing.
    if (conversation.isCrowded) return exchange.end(undefined)
    const id = idOf(envelope.params['requestId'])
    const flight = conversation.flights.get(id)
    if (flight !== undefined) return cancelFlight(floor.desk, { conversation, exchange, flight })
    const early = conversation.coming.get(id)
    if (early !== undefined) {
      early.now()
      return exchange.end(undefined)
    }
  }
  const servers = [...floor.servers().keys()]
  const upstreams = servers.map(server => floor.pool.upstreamFor(conversation, server)).filter(isWorthTelling)
  const [first] = upstreams
  if (first === undefined) return exchange.end(undefined)
  const { desk } = floor
  if (servers.length === 1) return inTurn(conversation, notifyServer(desk, { conversation, exchange, upstream: first }))
  await tellAll(desk, { conversation, exchange, upstreams })
  await exchange.end(undefined)
}

/** A notification starts no server: whoever is not running has nothing to be told. */
function isWorthTelling(upstream: Upstream): boolean {
  return upstream.state.kind === 'ready' || upstream.state.kind === 'starting'
}

async function answer(floor: Floor, conversation: Conversation, exchange: Errand): Promise<void> {
  const { envelope } = exchange.frame
  const id = envelope.kind === 'result' || envelope.kind === 'error' ? envelope.id : null
  const asked = id === null ? undefined : conversation.asked.get(id)
  if (id === null || asked === undefined) {
    floor.oddity(undefined, { code: 'unknown-id', detail: 'an answer that no server asked for', sample: '' })
    return exchange.end(undefined)
  }
  conversation.asked.delete(id)
  await answerServer(floor.desk, { conversation, exchange, asked })
}

async function listen(floor: Floor, stream: ClientStream): Promise<void> {
  const only = onlyServer(floor)
  const conversation = floor.reception.find(stream.headers['mcp-session-id'], stream.principal)
  if (conversation === undefined) {
    // Some clients try this before their first message, and are told by 405 alone that nothing is wrong.
    const isEarly = stream.headers['mcp-session-id'] === undefined
    return stream.end(isEarly || only?.[1].kind === 'http' ? noListening : unknownSession)
  }
  if (only?.[1].kind === 'http') return listenRelay(floor, { conversation, stream, server: only[0] })
  stream.relay.opened({ status: 200, headers: {} })
  const detach = conversation.outbox.attach(frame => stream.send(frame))
  await new Promise<void>(resolve => stream.signal.addEventListener('abort', () => resolve(), { once: true }))
  detach()
}

async function finish(floor: Floor, about: Parameters<Hub['finish']>[0]): Promise<HttpAnswer> {
  const conversation = floor.reception.find(about.headers['mcp-session-id'], about.principal)
  if (conversation === undefined) return unknownSession
  const only = onlyServer(floor)
  const relayed =
    only?.[1].kind === 'http'
      ? await finishRelay(floor, { conversation, headers: about.headers, server: only[0] })
      : undefined
  if (relayed === undefined || relayed.status < 400) await floor.reception.finish(conversation)
  return relayed ?? { status: 200, headers: {} }
}

/** The server when there is just one: it is shown as it is. */
function onlyServer({
  servers,
  isAlone,
}: Pick<HubOptions, 'servers' | 'isAlone'>): [ServerName, ServerSetup] | undefined {
  const all = servers()
  const [first] = all
  return all.size === 1 && isAlone?.() !== false ? first : undefined
}

const changes = ['tools', 'prompts', 'resources'].map(list => `notifications/${list}/list_changed`)

function announceChange(floor: Floor): void {
  if (onlyServer(floor) !== undefined) return
  // In the modern era lists are marked as good for one look.
  const listening = [...floor.reception.everyone()].filter(({ era }) => era === 'legacy')
  // Not waited for: a client that is gone or does not read keeps neither the others nor the reload.
  for (const { outbox } of listening)
    for (const method of changes)
      void outbox.push(frameOf({ kind: 'notification', method, params: {} })).catch(() => {})
}

function eventsFor(options: HubOptions, conversation: Conversation, upstream: () => Upstream): LinkEvents {
  return {
    heard: frame => noteChange(options.desk, { conversation, upstream: upstream(), frame }),
    unsolicited: frame => fromServer(options.desk, { conversation, upstream: upstream(), frame }),
    oddity: what => options.oddity(upstream().server, what),
  }
}

const unknownSession: HttpAnswer = { status: 404, headers: {} }
const noListening: HttpAnswer = { status: 405, headers: { allow: 'POST' } }

function noSession({ frame: { envelope }, headers }: Exchange) {
  const id = envelope.kind === 'request' ? envelope.id : null
  const hasId = headers['mcp-session-id'] !== undefined
  const message = hasId
    ? 'Session not found: start a new one with initialize.'
    : 'Send initialize first, then its Mcp-Session-Id.'
  const frame = frameOf({ kind: 'error', id, error: { code: -32600, message } })
  return { frame, http: { status: hasId ? 404 : 400, headers: {} } }
}

function idOf(value: unknown): string | number {
  return typeof value === 'number' || typeof value === 'string' ? value : ''
}
