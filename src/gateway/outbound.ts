import { readNotification, readReply, readRequest } from '../wire/decode.ts'
import { type Frame, frameOf } from '../wire/envelope.ts'
import type { Asked, Conversation, Errand, Flight } from './conversation.ts'
import { type Desk, judge } from './judge.ts'
import type { Refusal } from './refusal.ts'
import type { Upstream } from './upstream.ts'

type Copy = {
  readonly exchange: Errand
  readonly upstream: Upstream
  readonly frame: Frame
}

/** One server's copy of a request that goes to several: judged for that server, and as it may go there. */
export async function judgedCopy(
  desk: Desk,
  { exchange, upstream, frame }: Copy,
): Promise<{ readonly frame: Frame } | { readonly refusal: Refusal }> {
  const { envelope } = frame
  if (envelope.kind !== 'request') throw new TypeError('only requests are copied')
  const { server } = upstream
  const matter = { server, era: exchange.era, work: exchange.work, ...readRequest(envelope, 'client'), frame }
  return judge(desk, { ...matter, from: 'client', signal: exchange.signal })
}

type Told = { readonly conversation: Conversation; readonly exchange: Errand; readonly upstream: Upstream }

/** A notification of the client, for one server. */
export async function notifyServer(desk: Desk, about: Told): Promise<void> {
  const { conversation, exchange, upstream } = about
  const { envelope } = exchange.frame
  if (envelope.kind !== 'notification') return
  const reading = readNotification(envelope)
  const matter = {
    server: upstream.server,
    era: conversation.era,
    work: exchange.work,
    ...reading,
    frame: exchange.frame,
  }
  const ruling = await judge(desk, { ...matter, from: 'client' })
  if (ruling.kind === 'refuse') return exchange.end(undefined)
  const headers = { ...exchange.headers, ...upstream.sessionHeaders }
  const refused = await upstream.use(link => link.notify(ruling.frame, headers)).catch(() => undefined)
  await exchange.end(refused)
}

type ToldAll = Omit<Told, 'upstream'> & { readonly upstreams: readonly Upstream[] }

/** How long a client waits for servers to take a notification; one that is slower gets it all the same. */
const tellMs = 2000
/** Notifications that one server may leave untaken; what comes then is not kept for it. */
const untakenMax = 100
const untaken = new WeakMap<Upstream, number>()

/** Has what the client asks next wait until this notification, and those before it, are with the server. */
export async function inTurn(conversation: Conversation, telling: Promise<void>): Promise<void> {
  const all = Promise.all([conversation.telling, telling]).then(() => {})
  conversation.telling = all
  await all.finally(() => {
    if (conversation.telling === all) conversation.telling = undefined
  })
}

/** Settles when the client's notifications are with their server, or have had their time; never rejects. */
export async function heard(conversation: Conversation): Promise<void> {
  const telling = conversation.telling
  if (telling === undefined) return
  await within(telling.catch(() => {}))
  // Whoever takes none holds up one request, not each.
  if (conversation.telling === telling) conversation.telling = undefined
}

async function within(work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = setTimeout(late.resolve, tellMs)
  await Promise.race([work, late.promise])
  clearTimeout(timer)
}

/** A notification of the client, for several servers side by side: one that takes none keeps nobody from the others. */
export async function tellAll(desk: Desk, { conversation, exchange, upstreams }: ToldAll): Promise<void> {
  const quiet = { ...exchange, end: async () => {} }
  const told = upstreams.map(async upstream => {
    const waiting = untaken.get(upstream) ?? 0
    if (waiting >= untakenMax) return
    untaken.set(upstream, waiting + 1)
    await notifyServer(desk, { conversation, exchange: quiet, upstream }).catch(() => {})
    untaken.set(upstream, (untaken.get(upstream) ?? 1) - 1)
  })
  await within(Promise.all(told))
}

/** The client gives up a request of its own: the server is told, and a late answer is dropped. */
export async function cancelFlight(
  desk: Desk,
  { conversation, exchange, flight }: { conversation: Conversation; exchange: Errand; flight: Flight },
): Promise<void> {
  if (flight.ended === undefined) {
    flight.ended = { kind: 'cancelled' }
    const { upstream } = flight
    const frame = cancelled(await judgedWord(desk, { conversation, exchange, upstream }), flight)
    const headers = { ...exchange.headers, ...upstream.sessionHeaders }
    // Not waited for: a server that does not listen must not keep its client waiting for having given up.
    void upstream.use(link => link.notify(frame, headers)).catch(() => {})
    flight.abort.now()
  }
  await exchange.end(undefined)
}

/** The client's notification as the server may see it; a cancellation that may not pass still cancels, without a word. */
async function judgedWord(desk: Desk, { conversation, exchange, upstream }: Told): Promise<Frame> {
  const { envelope } = exchange.frame
  if (envelope.kind !== 'notification') return exchange.frame
  const { work } = exchange
  const matter = {
    server: upstream.server,
    era: conversation.era,
    work,
    ...readNotification(envelope),
    frame: exchange.frame,
  }
  const ruling = await judge(desk, { ...matter, from: 'client' })
  return ruling.kind === 'pass' ? ruling.frame : frameOf({ ...envelope, params: {} })
}

function cancelled(frame: Frame, { upstreamId }: Flight): Frame {
  const { envelope } = frame
  if (envelope.kind !== 'notification' || envelope.params['requestId'] === upstreamId) return frame
  return frameOf({ ...envelope, params: { ...envelope.params, requestId: upstreamId } })
}

/** The client's answer to a question of a server; an answer that nobody asked for goes nowhere. */
export async function answerServer(
  desk: Desk,
  about: { conversation: Conversation; exchange: Errand; asked: Asked },
): Promise<void> {
  const { conversation, exchange, asked } = about
  const { envelope } = exchange.frame
  if (envelope.kind !== 'result' && envelope.kind !== 'error') return
  const question = readRequest({ kind: 'request', id: asked.originalId, method: asked.method, params: {} }, 'server')
  const reading = readReply(question.body, envelope, asked.method)
  const matter = {
    server: asked.upstream.server,
    era: conversation.era,
    work: exchange.work,
    ...reading,
    frame: exchange.frame,
  }
  const ruling = await judge(desk, { ...matter, from: 'client' })
  const frame = ruling.kind === 'pass' ? withId(ruling.frame, asked) : refused(asked, ruling.refusal.text)
  const headers = { ...exchange.headers, ...asked.upstream.sessionHeaders }
  const answer = await asked.upstream.use(link => link.notify(frame, headers)).catch(() => undefined)
  await exchange.end(answer)
}

function withId(frame: Frame, { originalId }: Asked): Frame {
  const { envelope } = frame
  if (envelope.kind !== 'result' && envelope.kind !== 'error') return frame
  return envelope.id === originalId ? frame : frameOf({ ...envelope, id: originalId })
}

function refused({ originalId }: Asked, text: string): Frame {
  return frameOf({ kind: 'error', id: originalId, error: { code: -31001, message: text } })
}
