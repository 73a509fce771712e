import type { ServerName } from '../core/brand.ts'
import type { JsonObject } from '../core/json.ts'
import type { Conversation, Errand } from './conversation.ts'
import { type Listed, located, named, shaped } from './directory.ts'
import type { Floor } from './hub.ts'
import {
  askForList,
  introductionOf,
  itemsSaid,
  judgeList,
  type Listing,
  type ListMethod,
  type ListRequest,
  listMembers,
  metaOf,
  type SaidList,
} from './list.ts'
import { moreTool } from './more.ts'
import { judgedCopy } from './outbound.ts'
import type { Upstream } from './upstream.ts'

type Wanted = { readonly conversation: Conversation; readonly exchange: Errand; readonly method: ListMethod }

/** Where a merged list says which servers it could not ask, and why. */
const missingKey = 'dev.sallyport/missing'

/** One list of what all servers have. A server that is broken is named as missing, never passed off as empty. */
export async function mergedList(floor: Floor, wanted: Wanted): Promise<JsonObject> {
  const { conversation, exchange, method } = wanted
  const lists: Listed[] = []
  const missing: JsonObject[] = []
  const asked = [...floor.servers().keys()].map(server => {
    const upstream = floor.pool.upstreamFor(conversation, server)
    return askOne(floor, { ...wanted, upstream }).catch((cause: unknown): Asked => ({ server, said: brokenBy(cause) }))
  })
  const all = await Promise.all(asked)
  // Who steers another server's tools is only recognised by one who knows their names: all are heard before any is judged.
  if (method === 'tools/list')
    for (const { server, said } of all)
      floor.desk.catalog.hear({ server, principal: conversation.principal }, itemsSaid(said, method))
  const judged = all.map(async one => ({ server: one.server, listing: await judgeOne(floor, one) }))
  for (const { server, listing } of await Promise.all(judged)) sort({ server, listing }, lists, missing)
  const items = remember(conversation, method, lists)
  const isMore = method === 'tools/list' && floor.desk.rests !== undefined
  const result = { [listMembers[method]]: isMore ? withMore(items) : items }
  const modern = exchange.era === 'modern' ? { resultType: 'complete', ttlMs: 0, cacheScope: 'private' } : {}
  return { ...result, ...modern, ...(missing.length === 0 ? {} : { _meta: { [missingKey]: missing } }) }
}

/** Without a request nothing was asked, and nothing said. */
type Asked = { readonly server: ServerName } & (
  | { readonly said: SaidList; readonly request: ListRequest }
  | { readonly said: Extract<Listing, { kind: 'refused' }>; readonly request?: undefined }
)

/** The client's own wish for a list is judged for each server; where the gateway asks for itself, it says nothing more. */
async function askOne(floor: Floor, wanted: Wanted & { upstream: Upstream }): Promise<Asked> {
  const { exchange, method, upstream } = wanted
  const { frame, era } = exchange
  const isOwn = frame.envelope.kind === 'request' && frame.envelope.method === method
  const copy = isOwn ? await judgedCopy(floor.desk, { exchange, upstream, frame }) : { frame }
  const { server } = upstream
  if ('refusal' in copy) return { server, said: { kind: 'refused', why: copy.refusal.text } }
  const meta = era === 'modern' ? (isOwn ? metaOf(copy.frame) : introductionOf(copy.frame)) : undefined
  const request = { work: exchange.work, upstream, method, era, meta }
  return { server, request, said: await askForList(request) }
}

async function judgeOne({ desk }: Floor, { request, said }: Asked): Promise<Listing> {
  return request === undefined ? said : judgeList(desk, request, said).catch(brokenBy)
}

function brokenBy(cause: unknown): Extract<Listing, { kind: 'refused' }> {
  return { kind: 'refused', why: cause instanceof Error ? cause.message : 'it did not answer' }
}

function sort(
  { server, listing }: { server: ServerName; listing: Listing },
  lists: Listed[],
  missing: JsonObject[],
): void {
  if (listing.kind === 'listed') lists.push({ server, items: listing.items })
  if (listing.kind === 'refused') missing.push({ server, why: listing.why })
}

/** The gateway's own tool beside the servers'; nobody else's may stand under its name. */
function withMore(items: readonly JsonObject[]): readonly JsonObject[] {
  return [...items.filter(({ name }) => name !== moreTool.name), moreTool]
}

/** Writes the exposed names into the items, and notes for this client whose is whose. */
function remember({ directory }: Conversation, method: ListMethod, lists: readonly Listed[]): readonly JsonObject[] {
  switch (method) {
    case 'tools/list':
    case 'prompts/list': {
      const { items, names } = named(lists)
      directory[listMembers[method]] = names
      return items
    }
    case 'resources/list': {
      const { items, owners } = located(lists)
      directory.resources = owners
      return items
    }
    case 'resources/templates/list': {
      const { items, templates } = shaped(lists)
      directory.templates = templates
      return items
    }
    default:
      return method satisfies never
  }
}
