import { isObject, type Json, type JsonObject } from '../core/json.ts'
import { type Body, toolIn } from '../core/message.ts'
import { type Reading, readReply, readRequest } from '../wire/decode.ts'
import { type Frame, frameOf, type RequestId } from '../wire/envelope.ts'
import { newGiveUp } from '../wire/give-up.ts'
import { type Exchange, LinkError, type Reply } from '../wire/link.ts'
import { itemsOf } from './catalog.ts'
import { type Conversation, type Errand, type Flight, flightsMax } from './conversation.ts'
import { fromServer } from './inbound.ts'
import { type Desk, judge, type Ruling } from './judge.ts'
import { misnamed } from './misnamed.ts'
import { judgeWhole } from './questions.ts'
import { type Refusal, refusalFrame } from './refusal.ts'
import { restOf, restUri, withNotice } from './rest.ts'
import { noteTask, readTask, withOwnTasks } from './task.ts'
import type { Upstream } from './upstream.ts'

/** Where a request goes, and how it looks there. */
export type Route = {
  readonly upstream: Upstream
  /** The request as its server shall see it; the very frame that came when nothing had to change. */
  readonly frame: Frame
  /** A message of the server as this client shall see it. */
  restore?(frame: Frame): Frame
}

export type Trip = {
  readonly conversation: Conversation
  readonly exchange: Errand
  readonly route: Route
  /** Several servers share the endpoint: what is the gateway's own is named apart. */
  readonly isShared?: boolean
  /** Headers to lay over the head of an HTTP answer, such as the session that was opened for the client. */
  seal?(reply: Reply): Readonly<Record<string, string>>
}

/** One request of a client, all the way: judged, sent, waited for within its time, its answer judged, answered. */
export async function carry(desk: Desk, trip: Trip): Promise<void> {
  const { conversation, exchange, route } = trip
  const request = route.frame.envelope
  const shown = exchange.frame.envelope
  if (request.kind !== 'request' || shown.kind !== 'request') throw new TypeError('only requests are carried')
  if (conversation.flights.size >= flightsMax) return refuse(trip, busy)
  const nameless = misnamed(request)
  if (nameless !== undefined) return refuse(trip, nameless)
  const reading = readTask(desk, { conversation, upstream: route.upstream }, readRequest(request, 'client'))
  const ruled = judgeWhole(desk, {
    ...common(trip),
    ...reading,
    frame: route.frame,
    from: 'client',
    signal: exchange.signal,
  })
  const ruling = ruled instanceof Promise ? await ruled : ruled
  if (ruling.kind === 'refuse') return refuse(trip, ruling.refusal)
  // An approval can outlast the client: what nobody waits for any more must not run.
  if (exchange.signal.aborted || exchange.giveUp?.isGivenUp() === true) return exchange.end(undefined)
  const key = conversation.isCrowded ? `${route.upstream.server} ${route.upstream.freshId()}` : shown.id
  await fly(desk, trip, { reading, frame: ruling.frame, key, upstreamId: request.id })
}

const busy: Refusal = {
  code: 'busy',
  text: `More than ${flightsMax} requests are waiting on this connection. Wait for answers before sending more.`,
  details: {},
}

type Going = {
  readonly reading: Reading
  readonly frame: Frame
  readonly key: RequestId
  readonly upstreamId: RequestId
}

async function fly(desk: Desk, trip: Trip, going: Going): Promise<void> {
  const { conversation, exchange, route } = trip
  const flight = takeOff(desk, trip, going)
  const stop = keepTime(desk, trip, flight)
  const isRelayed = exchange.relay !== undefined
  const leave = () => cancel(flight)
  if (isRelayed || exchange.era === 'modern') exchange.signal.addEventListener('abort', leave, { once: true })
  try {
    const reply = await route.upstream.use(link =>
      link.request(going.frame, {
        get signal() {
          return flight.abort.signal()
        },
        giveUp: flight.abort,
        headers: { ...exchange.headers, ...route.upstream.sessionHeaders },
        schema: schemaFor(desk, trip, flight),
        related: frame =>
          fromServer(desk, { conversation, upstream: route.upstream, flight, frame, restore: route.restore }),
        ...(exchange.relay === undefined ? {} : { relay: exchange.relay }),
      }),
    )
    stop()
    if (flight.ended !== undefined) await endEarly(trip, flight)
    else if (reply === undefined) await postpone(trip, flight)
    else await land(desk, trip, { going, flight, reply })
  } catch (cause) {
    stop()
    if (flight.ended === undefined) await refuse(trip, unavailable(desk, route.upstream, cause))
    else await endEarly(trip, flight)
  } finally {
    // On stdio one signal serves a client for as long as it is there: it would keep all that was ever asked.
    exchange.signal.removeEventListener('abort', leave)
    if (conversation.flights.get(going.key) === flight) conversation.flights.delete(going.key)
  }
}

function schemaFor({ catalog }: Desk, { conversation, route: { upstream } }: Trip, { body }: Flight): Json | undefined {
  if (upstream.kind !== 'http' || body.kind !== 'tool.call') return undefined
  const { server } = upstream
  const { tools } = catalog.offerOf({ server, principal: conversation.principal })
  return tools.get(body.tool)?.definition['inputSchema']
}

function takeOff(desk: Desk, { conversation, exchange, route }: Trip, going: Going): Flight {
  const now = desk.now()
  const flight: Flight = {
    exchange,
    method: exchange.frame.envelope.kind === 'request' ? exchange.frame.envelope.method : '',
    body: going.reading.body,
    upstream: route.upstream,
    upstreamId: going.upstreamId,
    startedMs: now,
    progressMs: now,
    abort: newGiveUp(),
  }
  conversation.flights.set(going.key, flight)
  return flight
}

/** Ends a call that has run too long; how long that is, the timeout guard says. Returns how to stop watching. */
function keepTime(desk: Desk, trip: Trip, flight: Flight): () => void {
  const isEndless = flight.method === 'subscriptions/listen'
  if (isEndless) return () => {}
  let timer: NodeJS.Timeout
  const look = () => {
    const tool = toolIn(flight.body) || flight.method
    const what = { server: flight.upstream.server, tool }
    const dueMs = desk.rules().deadlineMs(what, flight.startedMs, flight.progressMs)
    const leftMs = dueMs - desk.now()
    if (leftMs > 0) timer = setTimeout(look, leftMs)
    else void timeUp(desk, trip, { flight, tool })
  }
  look()
  return () => clearTimeout(timer)
}

async function timeUp(desk: Desk, trip: Trip, { flight, tool }: { flight: Flight; tool: string }): Promise<void> {
  const body: Body = { kind: 'tool.waiting', tool, startedMs: flight.startedMs, progressMs: flight.progressMs }
  const matter = { ...common(trip), body, root: '', payload: null, frame: trip.route.frame, from: 'client' as const }
  const ruling = await judge(desk, matter)
  const seconds = Math.round((desk.now() - flight.startedMs) / 1000)
  const refusal: Refusal =
    ruling.kind === 'refuse'
      ? { ...ruling.refusal, code: 'timedOut' }
      : { code: 'timedOut', text: `${tool} gave no answer within ${seconds} s and was ended.`, details: {} }
  flight.ended = { kind: 'refused', refusal }
  cancelUpstream(trip, flight, `no answer within ${seconds} s`)
  flight.abort.now()
}

/** The client gave the request up. */
function cancel(flight: Flight): void {
  if (flight.ended !== undefined) return
  flight.ended = { kind: 'cancelled' }
  flight.abort.now()
}

/** Tells the server that nobody waits any more; to an HTTP server of the modern era, closing the stream says it. */
function cancelUpstream({ exchange, route }: Trip, flight: Flight, reason: string): void {
  if (exchange.era === 'modern' && route.upstream.kind === 'http') return
  const params = { requestId: flight.upstreamId, reason }
  const frame = frameOf({ kind: 'notification', method: 'notifications/cancelled', params })
  const headers = { ...exchange.headers, ...route.upstream.sessionHeaders }
  void route.upstream.use(link => link.notify(frame, headers)).catch(() => {})
}

async function endEarly(trip: Trip, flight: Flight): Promise<void> {
  if (flight.ended?.kind === 'refused') return refuse(trip, flight.ended.refusal)
  const { era, relay, signal } = trip.exchange
  if (era === 'legacy' && relay !== undefined && signal.aborted) return postpone(trip, flight)
  if (era === 'modern') cancelUpstream(trip, flight, 'the client is gone')
  await trip.exchange.end(undefined)
}

/** The stream ended before the answer, on either side: it will come over a stream that the client opens to resume. */
async function postpone({ conversation: { postponed }, exchange }: Trip, { body, method }: Flight): Promise<void> {
  const { envelope } = exchange.frame
  const [oldest] = postponed.keys()
  // Not every one is ever fetched. The answer to one that is forgotten is not shown.
  if (postponed.size >= flightsMax && oldest !== undefined) postponed.delete(oldest)
  if (envelope.kind === 'request') postponed.set(envelope.id, { body, method })
  await exchange.end(undefined)
}

type Landing = { readonly going: Going; readonly flight: Flight; readonly reply: Reply }

async function land(desk: Desk, trip: Trip, { going, flight, reply }: Landing): Promise<void> {
  const { conversation, exchange, route } = trip
  const { envelope } = reply.frame
  if (envelope.kind !== 'result' && envelope.kind !== 'error')
    return refuse(trip, unavailable(desk, route.upstream, undefined))
  route.upstream.worked()
  const reading = readReply(going.reading.body, envelope, flight.method)
  const ruled = judgeWhole(desk, {
    ...common(trip),
    ...reading,
    frame: reply.frame,
    from: 'server',
    sinceMs: flight.startedMs,
  })
  const ruling = ruled instanceof Promise ? await ruled : ruled
  if (ruling.kind === 'refuse') return refuse(trip, ruling.refusal)
  learn(desk, { flight, sent: going.frame, reading, reply: { ...reply, frame: ruling.frame }, conversation })
  const shown = offerRest(desk, trip, { ruling, whole: reply.frame })
  const own = withOwnTasks(desk, { conversation, upstream: route.upstream }, { method: flight.method, frame: shown })
  const frame = route.restore?.(own) ?? own
  await exchange.end({ frame, ...headOf(trip, reply) })
}

type Answer = { readonly ruling: Extract<Ruling, { kind: 'pass' }>; readonly whole: Frame }

/** Keeps what was cut off an answer for its length, and says in the answer how to read on. */
function offerRest(desk: Desk, { exchange, isShared }: Trip, { ruling, whole }: Answer): Frame {
  const rest = desk.rests === undefined ? undefined : restOf(ruling, whole)
  const id = rest && desk.rests?.keep(exchange.work.session().id, rest, desk.now())
  if (id === undefined) return ruling.frame
  const tool = isShared === true ? `, or call sallyport__more with {"id":"${id}","page":2}` : ''
  return withNotice(ruling.frame, `to read on, read the resource ${restUri(id, 2)}${tool}`)
}

function headOf({ exchange, seal }: Trip, reply: Reply): Pick<Reply, 'http'> {
  // Of several servers, one must not name the session or the status of what the client shares with the others.
  if (exchange.relay === undefined) return {}
  const { http } = reply
  const sealed = seal?.(reply) ?? {}
  // Where there is nothing to lay over, the face that answers knows the status best.
  if (Object.keys(sealed).length === 0) return http === undefined ? {} : { http }
  return { http: { status: http?.status ?? 200, headers: { ...http?.headers, ...sealed } } }
}

type Lesson = { flight: Flight; sent: Frame; reading: Reading; reply: Reply; conversation: Conversation }

/** What the gateway keeps of an answer: tools as they passed the guards, and the handshake for a restart. */
function learn(desk: Desk, { flight, sent, reading, reply, conversation }: Lesson): void {
  const { envelope } = reply.frame
  if (envelope.kind !== 'result') return
  noteTask(desk, conversation, { result: envelope.result, flight })
  if (reading.body.kind !== 'server.surface') return
  if (reading.body.part === 'tools') takeTools(desk, { flight, conversation, result: envelope.result })
  if (flight.method === 'initialize' && conversation.era === 'legacy') flight.upstream.shook(paramsOf(sent), reply)
}

type ToolsSeen = { readonly flight: Flight; readonly conversation: Conversation; readonly result: unknown }

function takeTools(desk: Desk, { flight, conversation, result }: ToolsSeen): void {
  const isFirst = paramsOf(flight.exchange.frame)['cursor'] === undefined
  const isLast = !(isObject(result) && typeof result['nextCursor'] === 'string')
  const viewer = { server: flight.upstream.server, principal: conversation.principal }
  desk.catalog.takePage(viewer, { items: itemsOf(result, 'tools'), isFirst, isLast })
}

function paramsOf({ envelope }: Frame): JsonObject {
  return envelope.kind === 'request' ? envelope.params : {}
}

function common({ exchange, route }: Trip) {
  return { server: route.upstream.server, era: exchange.era, work: exchange.work }
}

function refuse({ exchange }: Trip, refusal: Refusal): Promise<void> {
  return refuseExchange(exchange, refusal)
}

/** Answers a request with a refusal. */
export async function refuseExchange(exchange: Exchange, refusal: Refusal): Promise<void> {
  const { envelope } = exchange.frame
  if (envelope.kind !== 'request') return exchange.end(undefined)
  await exchange.end({ frame: refusalFrame(refusal, { id: envelope.id, method: envelope.method, era: exchange.era }) })
}

/** Why a server cannot be asked, for whoever wanted something of it. */
export function unavailable(desk: Pick<Desk, 'isAlone'>, { server }: Upstream, cause: unknown): Refusal {
  const why = cause instanceof LinkError ? `${cause.code}: ${cause.message}` : 'the connection to it failed'
  const others = desk.isAlone?.() === false ? ' The other servers are not affected.' : ''
  return {
    code: 'unavailable',
    text: `${server} is not available (${why}).${others}`,
    details: { server },
  }
}
