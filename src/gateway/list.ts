import { isObject, type Json, type JsonObject } from '../core/json.ts'
import type { Era } from '../core/message.ts'
import { readReply, readRequest } from '../wire/decode.ts'
import { type Frame, frameOf } from '../wire/envelope.ts'
import { itemsOf } from './catalog.ts'
import { type Desk, judge } from './judge.ts'
import type { Upstream } from './upstream.ts'
import type { Work } from './work.ts'

/** Lists that a server keeps, and where their items stand in the result. */
export const listMembers = {
  'tools/list': 'tools',
  'prompts/list': 'prompts',
  'resources/list': 'resources',
  'resources/templates/list': 'resourceTemplates',
} as const
export type ListMethod = keyof typeof listMembers

export type Listing =
  | { readonly kind: 'listed'; readonly items: readonly JsonObject[]; readonly result: JsonObject }
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused'; readonly why: string }

export type ListRequest = {
  readonly work: Work
  readonly upstream: Upstream
  readonly method: ListMethod
  readonly era: Era
  /** In the modern era every request carries who asks; the gateway asks on the client's behalf. */
  readonly meta: Json | undefined
}

/** What a request says beside its parameters. */
export function metaOf({ envelope }: Frame): Json | undefined {
  return envelope.kind === 'request' ? envelope.params['_meta'] : undefined
}

const introduction = ['protocolVersion', 'clientInfo', 'clientCapabilities'].map(
  key => `io.modelcontextprotocol/${key}`,
)

/** Who asks, and nothing else: the rest of a request goes nowhere before it was judged. */
export function introductionOf(frame: Frame): Json | undefined {
  const meta = metaOf(frame)
  if (!isObject(meta)) return undefined
  return Object.fromEntries(introduction.filter(key => meta[key] !== undefined).map(key => [key, meta[key]]))
}

/** A server that answers page after page without end is cut off here. */
const pagesMax = 200
const listMs = 30_000

/** Asks a server for a whole list, all pages, each judged before it counts. */
export async function fetchList(desk: Desk, request: ListRequest): Promise<Listing> {
  const { upstream, method } = request
  const items: JsonObject[] = []
  let cursor: string | undefined
  let result: JsonObject = {}
  for (let page = 0; page < pagesMax; page++) {
    const answer = await fetchPage(desk, request, cursor)
    if (answer.kind !== 'listed') return page === 0 ? answer : { kind: 'refused', why: 'a later page was refused' }
    result = answer.result
    items.push(...answer.items)
    const next = answer.result['nextCursor']
    const isLast = typeof next !== 'string' || next === cursor
    if (method === 'tools/list')
      desk.catalog.takePage(upstream.server, { items: answer.items, isFirst: page === 0, isLast })
    if (isLast) return { kind: 'listed', items, result }
    cursor = next
  }
  return { kind: 'refused', why: `more than ${pagesMax} pages` }
}

async function fetchPage(desk: Desk, request: ListRequest, cursor: string | undefined): Promise<Listing> {
  const { work, upstream, method, era, meta } = request
  const params = { ...(cursor === undefined ? {} : { cursor }), ...(meta === undefined ? {} : { _meta: meta }) }
  const envelope = { kind: 'request', id: upstream.freshId(), method, params } as const
  const reply = await upstream.use(link =>
    link.request(frameOf(envelope), {
      signal: AbortSignal.timeout(listMs),
      headers: upstream.sessionHeaders,
      related: async () => {},
    }),
  )
  if (reply === undefined || reply.frame.envelope.kind !== 'result') return { kind: 'absent' }
  upstream.worked()
  const reading = readReply(readRequest(envelope, 'client').body, reply.frame.envelope, method)
  const matter = { server: upstream.server, era, work, ...reading, frame: reply.frame }
  const ruling = await judge(desk, { ...matter, from: 'server' })
  if (ruling.kind === 'refuse') return { kind: 'refused', why: ruling.refusal.text }
  return listed(ruling.frame, method)
}

function listed({ envelope }: Frame, method: ListMethod): Listing {
  const result = envelope.kind === 'result' && isObject(envelope.result) ? envelope.result : {}
  return { kind: 'listed', items: itemsOf(result, listMembers[method]), result }
}
