import type { ServerName } from '../core/brand.ts'
import { isObject, type Json, type JsonObject } from '../core/json.ts'
import { readReply, readRequest } from '../wire/decode.ts'
import { type Frame, frameOf } from '../wire/envelope.ts'
import { legacyVersions, modernVersions } from '../wire/header-check.ts'
import type { Reply } from '../wire/link.ts'
import type { Conversation, Errand } from './conversation.ts'
import type { Floor } from './hub.ts'
import { judge } from './judge.ts'
import { judgedCopy } from './outbound.ts'
import { gatewayInfo } from './version.ts'

/** What one server said when greeted, or why it could not be. */
export type Greeting =
  | { readonly server: ServerName; readonly kind: 'here'; readonly result: JsonObject }
  | { readonly server: ServerName; readonly kind: 'missing'; readonly why: string }

/** A server that takes longer to start is shown as missing; it serves as soon as it is there. */
const greetMs = 20_000
const instructionsMax = 8000
/** Offered to a client of a version that nobody knows: what it can do is likelier to be in the newest than in the oldest. */
const newestLegacy = legacyVersions.at(-1)

/** Passes a client's handshake on to every server, side by side, and answers with what they can do together. */
export async function greetAll(floor: Floor, conversation: Conversation, exchange: Errand): Promise<JsonObject> {
  const greetings = await greetEach(floor, conversation, exchange)
  const wanted = conversation.handshake['protocolVersion']
  const version = legacyVersions.find(known => known === wanted) ?? newestLegacy
  return { protocolVersion: version, ...together(greetings), serverInfo: gatewayInfo }
}

/** The answer to discovery: modern only if every server is, else the client had better go the legacy way. */
export async function discoverAll(
  floor: Floor,
  conversation: Conversation,
  exchange: Errand,
): Promise<JsonObject | undefined> {
  const greetings = await greetEach(floor, conversation, exchange)
  const here = greetings.filter(greeting => greeting.kind === 'here')
  if (here.length < greetings.length || here.length === 0) return undefined
  const meta = { 'io.modelcontextprotocol/serverInfo': gatewayInfo }
  const caching = { ttlMs: 0, cacheScope: 'private' }
  return {
    resultType: 'complete',
    supportedVersions: [...modernVersions],
    ...together(greetings),
    ...caching,
    _meta: meta,
  }
}

async function greetEach(floor: Floor, conversation: Conversation, exchange: Errand): Promise<Greeting[]> {
  const servers = [...floor.servers().keys()]
  return Promise.all(servers.map(server => greet(floor, { conversation, exchange, server })))
}

type Greet = { conversation: Conversation; exchange: Errand; server: ServerName }

async function greet(floor: Floor, { conversation, exchange, server }: Greet): Promise<Greeting> {
  const upstream = floor.pool.upstreamFor(conversation, server)
  const { envelope } = exchange.frame
  if (envelope.kind !== 'request') return { server, kind: 'missing', why: 'no request' }
  const asked = { ...envelope, id: upstream.freshId() }
  try {
    const signal = AbortSignal.timeout(greetMs)
    const options = { signal, headers: {}, related: async () => {} }
    const copy = await judgedCopy(floor.desk, { exchange, upstream, frame: frameOf(asked) })
    if ('refusal' in copy) return { server, kind: 'missing', why: copy.refusal.text }
    const reply = await upstream.use(link => link.request(copy.frame, options))
    if (reply?.frame.envelope.kind !== 'result') return { server, kind: 'missing', why: 'it refused the handshake' }
    const reading = readReply(readRequest(asked, 'client').body, reply.frame.envelope, envelope.method)
    const matter = { server, era: exchange.era, work: exchange.work, ...reading, frame: reply.frame }
    const ruling = await judge(floor.desk, { ...matter, from: 'server' })
    if (ruling.kind === 'refuse') return { server, kind: 'missing', why: ruling.refusal.text }
    return met(upstream, { asked: copy.frame, reply: { ...reply, frame: ruling.frame } })
  } catch (cause) {
    return { server, kind: 'missing', why: cause instanceof Error ? cause.message : 'it did not start' }
  }
}

type Met = { asked: Frame; reply: Reply }

function met(
  upstream: { server: ServerName; shook(params: JsonObject, reply: Reply): void },
  { asked, reply }: Met,
): Greeting {
  const sent = asked.envelope
  if (sent.kind === 'request' && sent.method === 'initialize') upstream.shook(sent.params, reply)
  const { envelope } = reply.frame
  const result = envelope.kind === 'result' && isObject(envelope.result) ? envelope.result : {}
  return { server: upstream.server, kind: 'here', result }
}

/** What several servers can do together, and what they say about themselves. */
export function together(greetings: readonly Greeting[]): { capabilities: JsonObject; instructions?: string } {
  const capabilities = greetings
    .map(greeting => (greeting.kind === 'here' ? greeting.result['capabilities'] : undefined))
    .reduce<Record<string, Json | undefined>>((all, one) => (isObject(one) ? { ...union(all, one) } : all), {})
  // The gateway's own configuration can change what is offered, whatever the servers themselves announce.
  for (const list of ['tools', 'prompts', 'resources'])
    if (isObject(capabilities[list])) capabilities[list] = { ...capabilities[list], listChanged: true }
  const instructions = greetings.map(words).filter(Boolean).join('\n\n').slice(0, instructionsMax)
  return instructions === '' ? { capabilities } : { capabilities, instructions }
}

function words(greeting: Greeting): string {
  if (greeting.kind === 'missing') return `${greeting.server} is not available: ${greeting.why}`
  const { instructions } = greeting.result
  return typeof instructions === 'string' && instructions !== '' ? `${greeting.server}: ${instructions}` : ''
}

function union(a: JsonObject, b: JsonObject): JsonObject {
  const both: Record<string, Json | undefined> = { ...a }
  for (const [key, value] of Object.entries(b)) both[key] = joined(both[key], value)
  return both
}

function joined(a: Json | undefined, b: Json | undefined): Json | undefined {
  if (isObject(a) && isObject(b)) return union(a, b)
  return a === true || b === true ? true : (a ?? b)
}
