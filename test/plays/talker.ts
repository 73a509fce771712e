import type { Rpc } from '../fixtures/scripted-acts.ts'

export type Era = 'legacy' | 'modern'

/** One request and everything that came for it, the answer last. */
export type Exchange = {
  readonly answer: Rpc
  /** The answer as it stood on the wire. */
  readonly raw: string
  readonly before: readonly Rpc[]
  readonly status?: number
}

/** A client that hides nothing: it sends what it is told and keeps what it hears. */
export type Talker = {
  readonly era: Era
  request(method: string, params?: Rpc, options?: RequestOptions): Promise<Exchange>
  notify(method: string, params?: Rpc): Promise<void>
  /** What came outside any request, oldest first. */
  readonly loose: readonly Rpc[]
  /** Opens the stream of announcements: GET or `subscriptions/listen`; nothing to do on a legacy stdio line. */
  listen(notifications: Rpc): Promise<void>
  close(): Promise<void>
}

export type RequestOptions = {
  /** Gives up the way the era says, once this many milliseconds have passed. */
  readonly cancelAfterMs?: number
}

/** How a client answers when the server asks. */
export type Answerer = (request: Rpc) => Rpc

export const answerMs = 20_000
export const versions = { legacy: '2025-11-25', modern: '2026-07-28' } as const
const capabilities = { sampling: {}, elicitation: { form: {} }, roots: {} }
const clientInfo = { name: 'play', version: '1.0.0' }

/** The params that a request of this era must carry. */
export function enveloped(era: Era, params: Rpc): Rpc {
  if (era === 'legacy') return params
  const own = (params['_meta'] ?? {}) as Rpc
  return {
    ...params,
    _meta: {
      'io.modelcontextprotocol/protocolVersion': versions.modern,
      'io.modelcontextprotocol/clientCapabilities': capabilities,
      'io.modelcontextprotocol/clientInfo': clientInfo,
      ...own,
    },
  }
}

/** The first thing a client says. */
export async function greet(talker: Talker): Promise<Exchange> {
  if (talker.era === 'modern') return talker.request('server/discover')
  const params = { protocolVersion: versions.legacy, capabilities, clientInfo }
  const said = await talker.request('initialize', params)
  await talker.notify('notifications/initialized')
  return said
}

/** Fails a wait that would otherwise hang the whole run. */
export function within<T>(ms: number, what: string, wanted: Promise<T>): Promise<T> {
  let late: NodeJS.Timeout | undefined
  const alarm = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(`${what}: nothing within ${ms} ms`)), ms)
  })
  return Promise.race([wanted, alarm]).finally(() => clearTimeout(late))
}
