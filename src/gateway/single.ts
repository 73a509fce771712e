import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerName } from '../core/brand.ts'
import type { Json } from '../core/json.ts'
import { LinkError, type Reply } from '../wire/link.ts'
import { remapReply, remapRequest } from '../wire/remap.ts'
import { type Route, refuseExchange, type Trip, unavailable } from './carry.ts'
import type { Conversation, Errand } from './conversation.ts'
import type { Floor } from './hub.ts'
import { fetchList, introductionOf } from './list.ts'
import { looked, mayLookAgain, takenBackWaitMs } from './look-again.ts'
import type { ServerSetup } from './pool.ts'
import { toolWanted } from './task.ts'
import type { Upstream } from './upstream.ts'

type Arrival = {
  readonly conversation: Conversation
  readonly exchange: Errand
  readonly server: ServerName
  readonly setup: ServerSetup
}

/** The way to the only server: names untouched, and in most cases not a byte changed. Waits only where a list is fetched. */
export function singleRoute(floor: Floor, arrival: Arrival): Trip | undefined | Promise<Trip | undefined> {
  const { conversation, exchange, server } = arrival
  const upstream = floor.pool.upstreamFor(conversation, server)
  const { envelope } = exchange.frame
  if (envelope.kind !== 'request') return undefined
  const tool = toolWanted(floor.desk, { conversation, upstream }, envelope)
  const isCall = envelope.method === 'tools/call'
  const asking = { exchange, upstream, tool }
  if ((!isCall && tool === undefined) || isKnown(floor, asking)) return tripTo(floor, upstream, arrival)
  return knowTools(floor, asking).then(may => (may ? tripTo(floor, upstream, arrival) : undefined))
}

function tripTo(floor: Floor, upstream: Upstream, { conversation, exchange, setup }: Arrival): Trip {
  const { envelope } = exchange.frame
  const isShared = conversation.isCrowded && setup.kind === 'stdio'
  const route: Route = isShared ? renumbered(exchange, upstream) : { upstream, frame: exchange.frame }
  const isHandshake = envelope.kind === 'request' && envelope.method === 'initialize' && exchange.relay !== undefined
  if (!isHandshake) return { conversation, exchange, route }
  return { conversation, exchange, route, seal: reply => sessionHeader(floor, { conversation, setup, reply }) }
}

export type Asking = { readonly tool: Json | undefined; readonly exchange: Errand; readonly upstream: Upstream }

/**
 * Sees to it that a server's tools are known before one is called, because a call of what was never listed is refused.
 * False when the server could not even be asked: the client has been told so.
 */
export async function knowTools(floor: Floor, wanted: Asking): Promise<boolean> {
  if (isKnown(floor, wanted)) return true
  const cause = await askForTools(floor, wanted)
  if (cause === undefined) return true
  await refuseExchange(wanted.exchange, unavailable(floor.desk, wanted.upstream, cause))
  return false
}

/** Lists a server's tools, with whoever waits for them already. A name that was not there is not looked for again at once. */
async function askForTools({ desk }: Floor, { exchange, upstream }: Asking): Promise<LinkError | undefined> {
  const { principal } = exchange.work.session()
  const { isTakenBack } = desk.catalog.offerOf({ server: upstream.server, principal })
  if (!asking.has(upstream) && isTakenBack !== true && !mayLookAgain(upstream, 'tools/list', desk.now())) return
  const list = async () => {
    const waitMs = isTakenBack === true ? takenBackWaitMs(upstream, desk.now()) : 0
    if (waitMs > 0) await sleep(waitMs)
    const meta = exchange.era === 'modern' ? introductionOf(exchange.frame) : undefined
    return fetchList(desk, { work: exchange.work, upstream, method: 'tools/list', era: exchange.era, meta })
  }
  const going = asking.get(upstream) ?? list()
  asking.set(upstream, going)
  const cause = await going.then(
    () => undefined,
    (error: unknown) => error,
  )
  // Whoever waited with us may be waiting for the next one by now.
  if (asking.get(upstream) === going) asking.delete(upstream)
  if (cause instanceof LinkError) return cause
  looked(upstream, 'tools/list', desk.now())
  return undefined
}

function isKnown({ desk }: Floor, { exchange, upstream, tool }: Asking): boolean {
  const { principal } = exchange.work.session()
  const { isComplete, tools } = desk.catalog.offerOf({ server: upstream.server, principal })
  return isComplete && (typeof tool !== 'string' || tools.has(tool))
}

/** Lists being fetched: calls that come side by side wait for the same one. */
const asking = new WeakMap<Upstream, Promise<unknown>>()

/** Several clients share one process: each request gets an id that is unique there, and answers get the client's back. */
export function renumbered(exchange: Errand, upstream: Upstream): Route {
  const { frame } = exchange
  if (frame.envelope.kind !== 'request') throw new TypeError('only requests are renumbered')
  const ids = { client: frame.envelope.id, server: upstream.freshId() }
  return { upstream, frame: remapRequest(frame, ids), restore: answer => remapReply(answer, ids) }
}

type Opened = { readonly conversation: Conversation; readonly setup: ServerSetup; readonly reply: Reply }

/** A relay keeps the server's session; where the server has none to offer, the gateway's own stands in. */
function sessionHeader(floor: Floor, { conversation, setup, reply }: Opened): Readonly<Record<string, string>> {
  if (reply.frame.envelope.kind !== 'result') return {}
  if (setup.kind === 'stdio') return { 'mcp-session-id': conversation.id }
  const session = reply.http?.headers['mcp-session-id']
  if (session !== undefined) floor.reception.rename(conversation, session)
  // A server without sessions: what comes next carries no name by which this conversation could be found again.
  else void floor.reception.finish(conversation)
  return {}
}
