import { type Frame, frameOf } from '../wire/envelope.ts'
import { type IdPair, remapReply, remapRequest } from '../wire/remap.ts'
import { refuseExchange } from './carry.ts'
import type { Conversation, Errand } from './conversation.ts'
import type { Floor } from './hub.ts'
import { fromServer } from './inbound.ts'
import { judgedCopy } from './outbound.ts'
import type { Refusal } from './refusal.ts'
import type { Upstream } from './upstream.ts'

/** One server that does not answer must not keep the level of the others from being set. */
const levelMs = 5000

/** Sets the log level on every server that keeps one; what a server without logging says does not matter. */
export async function setLevelEverywhere(floor: Floor, conversation: Conversation, exchange: Errand): Promise<void> {
  const { envelope } = exchange.frame
  if (envelope.kind !== 'request') return
  const renumber = (upstream: Upstream) => frameOf({ ...envelope, id: upstream.freshId() })
  const { copies, refusal } = await copiesOf(floor, { conversation, exchange, renumber })
  if (copies.length === 0 && refusal !== undefined) return refuseExchange(exchange, refusal)
  const told = copies.map(({ upstream, frame }) => {
    const signal = AbortSignal.any([exchange.signal, AbortSignal.timeout(levelMs)])
    const options = { signal, headers: upstream.sessionHeaders, related: async () => {} }
    return upstream.use(link => link.request(frame, options)).catch(() => undefined)
  })
  await Promise.all(told)
  await exchange.end({ frame: frameOf({ kind: 'result', id: envelope.id, result: {} }) })
}

type Fan = { conversation: Conversation; exchange: Errand; renumber(upstream: Upstream): Frame }
type Copies = { readonly copies: readonly { upstream: Upstream; frame: Frame }[]; readonly refusal?: Refusal }

/** The copies of a request that may go out, one for each server whose rules let it pass. */
async function copiesOf(floor: Floor, { conversation, exchange, renumber }: Fan): Promise<Copies> {
  const judged = upstreamsOf(floor, conversation).map(async upstream => ({
    upstream,
    copy: await judgedCopy(floor.desk, { exchange, upstream, frame: renumber(upstream) }),
  }))
  const all = await Promise.all(judged)
  const copies = all.flatMap(({ upstream, copy }) => ('frame' in copy ? [{ upstream, frame: copy.frame }] : []))
  const [refusal] = all.flatMap(({ copy }) => ('refusal' in copy ? [copy.refusal] : []))
  return refusal === undefined ? { copies } : { copies, refusal }
}

/** One subscription of a client, held at every server; it is acknowledged once and ends when the last one ends. */
export async function subscribeEverywhere(floor: Floor, conversation: Conversation, exchange: Errand): Promise<void> {
  const { envelope } = exchange.frame
  if (envelope.kind !== 'request') return
  let isAcknowledged = false
  const show = async (frame: Frame): Promise<void> => {
    const isAck =
      frame.envelope.kind === 'notification' && frame.envelope.method === 'notifications/subscriptions/acknowledged'
    if (isAck && isAcknowledged) return
    isAcknowledged ||= isAck
    await exchange.send(frame)
  }
  const pairs = new Map<Upstream, IdPair>()
  const renumber = (upstream: Upstream) => {
    const ids = { client: envelope.id, server: upstream.freshId() }
    pairs.set(upstream, ids)
    return remapRequest(exchange.frame, ids)
  }
  const { copies, refusal } = await copiesOf(floor, { conversation, exchange, renumber })
  if (copies.length === 0 && refusal !== undefined) return refuseExchange(exchange, refusal)
  const held = copies.map(({ upstream, frame }) => {
    const ids = pairs.get(upstream)
    return ids === undefined ? undefined : hold(floor, { conversation, exchange, upstream, show, frame, ids })
  })
  await Promise.all(held)
  if (exchange.giveUp?.isGivenUp() === true) return exchange.end(undefined)
  const result = { resultType: 'complete', _meta: { 'io.modelcontextprotocol/subscriptionId': envelope.id } }
  await exchange.end({ frame: frameOf({ kind: 'result', id: envelope.id, result }) })
}

type Held = {
  conversation: Conversation
  exchange: Errand
  upstream: Upstream
  show(frame: Frame): Promise<void>
  frame: Frame
  ids: IdPair
}

async function hold(floor: Floor, held: Held): Promise<void> {
  const { conversation, exchange, upstream, show, ids } = held
  const restore = (frame: Frame) => remapReply(frame, ids)
  const related = (frame: Frame) =>
    fromServer(floor.desk, { conversation, upstream, frame, restore, send: show, work: exchange.work })
  // Over HTTP a client hangs up; over stdio it says that it has heard enough.
  const signal = exchange.giveUp ? AbortSignal.any([exchange.signal, exchange.giveUp.signal()]) : exchange.signal
  const options = { signal, headers: { ...exchange.headers, ...upstream.sessionHeaders }, related }
  await upstream.use(link => link.request(held.frame, options)).catch(() => undefined)
}

function upstreamsOf(floor: Floor, conversation: Conversation): Upstream[] {
  return [...floor.servers().keys()].map(server => floor.pool.upstreamFor(conversation, server))
}
