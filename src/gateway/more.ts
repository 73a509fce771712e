import { isObject, type JsonObject } from '../core/json.ts'
import { type Frame, frameOf } from '../wire/envelope.ts'
import type { Exchange } from '../wire/link.ts'
import { refuseExchange } from './carry.ts'
import type { Errand } from './conversation.ts'
import { type Desk, judge, type Ruling } from './judge.ts'
import type { Refusal } from './refusal.ts'
import { pageOf, type Rest, readRestUri, restUri } from './rest.ts'

/** The tool that reads rests, for clients that let a model call tools and nothing else. */
export const moreTool = {
  name: 'sallyport__more',
  title: 'More of a long answer',
  description: 'Reads on in an answer that Sallyport cut off because it was too long.',
  inputSchema: {
    type: 'object',
    properties: { id: { type: 'string' }, page: { type: 'integer', minimum: 2 } },
    required: ['id', 'page'],
    additionalProperties: false,
  },
  annotations: { readOnlyHint: true, openWorldHint: false },
} as const

type Wanted = { readonly id: string; readonly page: number }

/** Which page of a rest a request asks for; undefined for requests that are meant for a server. */
export function wantedRest({ frame: { envelope } }: Exchange, isShared: boolean): Wanted | 'malformed' | undefined {
  if (envelope.kind !== 'request') return undefined
  const { method, params } = envelope
  const { uri } = params
  if (method === 'resources/read' && typeof uri === 'string' && uri.startsWith('sallyport:'))
    return readRestUri(uri) ?? 'malformed'
  if (!isShared || method !== 'tools/call' || params['name'] !== moreTool.name) return undefined
  const { id, page } = isObject(params['arguments']) ? params['arguments'] : {}
  if (typeof id !== 'string' || typeof page !== 'number') return 'malformed'
  return readRestUri(`sallyport://rest/${id}?page=${page}`) ?? 'malformed'
}

type Asking = {
  readonly exchange: Errand
  readonly wanted: Wanted | 'malformed'
}

/** Answers with a page, which is judged like any answer of the server that it came from; no server hears of it. */
export async function answerRest(desk: Desk, { exchange, wanted }: Asking): Promise<void> {
  const { envelope } = exchange.frame
  if (envelope.kind !== 'request') return
  const session = exchange.work.session().id
  const rest = wanted === 'malformed' ? undefined : desk.rests?.find(session, wanted.id, desk.now())
  const page = rest === undefined || wanted === 'malformed' ? undefined : pageOf(rest, wanted.page)
  if (rest === undefined || page === undefined || wanted === 'malformed') return refuseExchange(exchange, gone)
  const common = { server: rest.server, era: exchange.era, work: exchange.work }
  const uri = restUri(wanted.id, wanted.page)
  const body = { kind: 'resource.read', uri } as const
  const asked = { ...common, body, root: '/params', payload: envelope.params, frame: exchange.frame }
  const may = await judge(desk, { ...asked, from: 'client', signal: exchange.signal })
  if (may.kind === 'refuse') return refuseExchange(exchange, may.refusal)
  const ruling = await judgePage(desk, { rest, text: page.text, common, id: envelope.id })
  if (ruling.kind === 'refuse') return refuseExchange(exchange, ruling.refusal)
  const items = [...contentOf(ruling.frame), { type: 'text', text: `[${positionOf(wanted, page.pages)}]` }]
  const modern = exchange.era === 'modern' ? { resultType: 'complete' } : {}
  const caching = exchange.era === 'modern' ? { ttlMs: 0, cacheScope: 'private' } : {}
  const result =
    envelope.method === 'tools/call'
      ? { content: items, ...modern }
      : {
          contents: items.map(({ text }) => ({ uri, mimeType: 'text/plain', text: text ?? '' })),
          ...modern,
          ...caching,
        }
  await exchange.end({ frame: frameOf({ kind: 'result', id: envelope.id, result }) })
}

const gone: Refusal = {
  code: 'unavailable',
  text: 'There is no such page: the rest of an answer is kept for a quarter of an hour, for the one who asked. Ask the tool again, for less at a time.',
  details: {},
}

type Page = {
  readonly rest: Rest
  readonly text: string
  readonly common: Pick<Parameters<typeof judge>[1], 'server' | 'era' | 'work'>
  readonly id: string | number
}

/** As an answer of the same call, so that every rule about that holds; one that is not whole has no structure yet. */
async function judgePage(desk: Desk, { rest, text, common, id }: Page): Promise<Ruling> {
  const result = { content: [{ type: 'text', text }], resultType: 'page' }
  const body = { kind: 'tool.result', tool: rest.tool, args: rest.args, result } as const
  const frame = frameOf({ kind: 'result', id, result })
  return judge(desk, { ...common, body, root: '/result', payload: result, frame, from: 'server' })
}

function contentOf({ envelope }: Frame): readonly JsonObject[] {
  const content = envelope.kind === 'result' && isObject(envelope.result) ? envelope.result['content'] : []
  return Array.isArray(content) ? content.filter(isObject) : []
}

function positionOf({ id, page }: Wanted, pages: number): string {
  const next = page < pages ? `; the next one: ${restUri(id, page + 1)}` : '; the last one'
  return `Sallyport: page ${page} of ${pages}${next}`
}
