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

/** A server that answers page after page without end is cut off here; bytes are those of all pages together, which are held. */
const listBounds = { pages: 200, bytes: 128 * 1024 * 1024, ms: 15_000 } as const
/** `ms` is for all pages together: with a time for each, one server could hold up the list of all for hours. */
type ListBounds = { readonly pages: number; readonly bytes: number; readonly ms: number }

type Page = { readonly frame: Frame; readonly envelope: Extract<Frame['envelope'], { kind: 'request' }> }
/** A whole list as its server said it. Nobody judged it yet: it goes nowhere but to `judgeList`. */
export type SaidList = { readonly kind: 'said'; readonly pages: readonly Page[] } | Exclude<Listing, { kind: 'listed' }>

/** Asks a server for a whole list, all pages, each judged before it counts. */
export async function fetchList(desk: Desk, request: ListRequest): Promise<Listing> {
  return judgeList(desk, request, await askForList(request))
}

/** Asks a server for all pages of a list. */
export async function askForList(request: ListRequest, bounds: ListBounds = listBounds): Promise<SaidList> {
  const pages: Page[] = []
  let [cursor, bytes]: [string | undefined, number] = [undefined, 0]
  const signal = AbortSignal.timeout(bounds.ms)
  for (let page = 0; page < bounds.pages; page++) {
    const said = await askForPage(request, { cursor, signal })
    if (said === undefined) return page === 0 ? { kind: 'absent' } : { kind: 'refused', why: 'a later page is missing' }
    pages.push(said)
    bytes += said.frame.bytes.byteLength
    if (bytes > bounds.bytes) return { kind: 'refused', why: `a list of more than ${bounds.bytes} bytes` }
    const next = resultOf(said.frame)['nextCursor']
    if (typeof next !== 'string' || next === cursor) return { kind: 'said', pages }
    cursor = next
  }
  return { kind: 'refused', why: `more than ${bounds.pages} pages` }
}

type Turn = { readonly cursor: string | undefined; readonly signal: AbortSignal }

async function askForPage(
  { upstream, method, meta }: ListRequest,
  { cursor, signal }: Turn,
): Promise<Page | undefined> {
  const params = { ...(cursor === undefined ? {} : { cursor }), ...(meta === undefined ? {} : { _meta: meta }) }
  const envelope = { kind: 'request', id: upstream.freshId(), method, params } as const
  const reply = await upstream.use(link =>
    link.request(frameOf(envelope), {
      signal,
      headers: upstream.sessionHeaders,
      related: async () => {},
    }),
  )
  return reply?.frame.envelope.kind === 'result' ? { frame: reply.frame, envelope } : undefined
}

/** The items that a list shows before it was judged: enough to know whose names there are. */
export function itemsSaid(said: SaidList, method: ListMethod): readonly JsonObject[] {
  return said.kind === 'said' ? said.pages.flatMap(({ frame }) => itemsOf(resultOf(frame), listMembers[method])) : []
}

/** Judges a list page by page; a page that is refused takes the whole list with it. */
export async function judgeList(desk: Desk, request: ListRequest, said: SaidList): Promise<Listing> {
  if (said.kind !== 'said') return said
  const { work, upstream, method, era } = request
  const { server } = upstream
  const items: JsonObject[] = []
  let result: JsonObject = {}
  for (const [i, { frame, envelope }] of said.pages.entries()) {
    if (frame.envelope.kind !== 'result') return { kind: 'absent' }
    upstream.worked()
    const reading = readReply(readRequest(envelope, 'client').body, frame.envelope, method)
    const ruling = await judge(desk, { server, era, work, ...reading, frame, from: 'server' })
    if (ruling.kind === 'refuse')
      return { kind: 'refused', why: i === 0 ? ruling.refusal.text : 'a later page was refused' }
    result = resultOf(ruling.frame)
    const some = itemsOf(result, listMembers[method])
    items.push(...some)
    const isLast = i === said.pages.length - 1
    const viewer = { server, principal: work.session().principal }
    if (method === 'tools/list') desk.catalog.takePage(viewer, { items: some, isFirst: i === 0, isLast })
  }
  return { kind: 'listed', items, result }
}

function resultOf({ envelope }: Frame): JsonObject {
  return envelope.kind === 'result' && isObject(envelope.result) ? envelope.result : {}
}
