import type { JsonObject } from '../core/json.ts'
import { type Frame, frameOf } from '../wire/envelope.ts'
import type { Exchange } from '../wire/link.ts'
import { remapReply, remapRequest } from '../wire/remap.ts'
import type { Conversation } from './conversation.ts'
import type { Floor } from './hub.ts'
import { fromServer } from './inbound.ts'
import type { Upstream } from './upstream.ts'

/** Sets the log level on every server that keeps one; what a server without logging says does not matter. */
export async function setLevelEverywhere(
  floor: Floor,
  conversation: Conversation,
  exchange: Exchange,
): Promise<JsonObject> {
  const { envelope } = exchange.frame
  if (envelope.kind !== 'request') return {}
  const told = upstreamsOf(floor, conversation).map(upstream => {
    const frame = frameOf({ ...envelope, id: upstream.freshId() })
    const options = { signal: exchange.signal, headers: upstream.sessionHeaders, related: async () => {} }
    return upstream.use(link => link.request(frame, options)).catch(() => undefined)
  })
  await Promise.all(told)
  return {}
}

/** One subscription of a client, held at every server; it is acknowledged once and ends when the last one ends. */
export async function subscribeEverywhere(floor: Floor, conversation: Conversation, exchange: Exchange): Promise<void> {
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
  const held = upstreamsOf(floor, conversation).map(upstream => hold(floor, { conversation, exchange, upstream, show }))
  await Promise.all(held)
  const result = { resultType: 'complete', _meta: { 'io.modelcontextprotocol/subscriptionId': envelope.id } }
  await exchange.end({ frame: frameOf({ kind: 'result', id: envelope.id, result }) })
}

type Held = { conversation: Conversation; exchange: Exchange; upstream: Upstream; show(frame: Frame): Promise<void> }

async function hold(floor: Floor, { conversation, exchange, upstream, show }: Held): Promise<void> {
  const { envelope } = exchange.frame
  if (envelope.kind !== 'request') return
  const ids = { client: envelope.id, server: upstream.freshId() }
  const restore = (frame: Frame) => remapReply(frame, ids)
  const related = (frame: Frame) => fromServer(floor.desk, { conversation, upstream, frame, restore, send: show })
  const options = { signal: exchange.signal, headers: { ...exchange.headers, ...upstream.sessionHeaders }, related }
  await upstream.use(link => link.request(remapRequest(exchange.frame, ids), options)).catch(() => undefined)
}

function upstreamsOf(floor: Floor, conversation: Conversation): Upstream[] {
  return [...floor.servers().keys()].map(server => floor.pool.upstreamFor(conversation, server))
}
