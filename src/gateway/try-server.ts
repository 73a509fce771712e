import { isObject, type Json, type JsonObject } from '../core/json.ts'
import type { Launch } from '../core/launch.ts'
import type { Trial } from '../trust/update-report.ts'
import { frameOf } from '../wire/envelope.ts'
import type { Link } from '../wire/link.ts'
import { openStdioLink } from '../wire/stdio-link.ts'
import { type ListMethod, listMembers } from './list.ts'
import { frameLimits } from './server-setup.ts'

export type PlayedCall = { readonly tool: string; readonly arguments: JsonObject }

const callMs = 20_000
const pagesMax = 50
const itemsMax = 10_000

/** The calls, or how they follow from what the server offers. */
export type Calls = readonly PlayedCall[] | ((tools: Readonly<Record<string, JsonObject>>) => readonly PlayedCall[])

/** Starts a server, reads all that it offers, plays the calls, and ends it. Nothing of it reaches a client. */
export async function tryServer(launch: Launch, calls: Calls): Promise<Trial> {
  try {
    const link = await openStdioLink(launch, quiet, frameLimits)
    try {
      return await tried(link, calls)
    } finally {
      await link.close()
    }
  } catch (cause) {
    return { ok: false, reason: cause instanceof Error ? cause.message : String(cause) }
  }
}

const quiet = { unsolicited: async () => {}, oddity: () => {} }

async function tried(link: Link, calls: Calls): Promise<Trial> {
  const ask = asker(link)
  const greeting = await ask('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'sallyport-staging', version: '1' },
  })
  if (!isObject(greeting)) return { ok: false, reason: 'it refused the handshake' }
  await link.notify(frameOf({ kind: 'notification', method: 'notifications/initialized', params: {} }), {})
  const { serverInfo: _, ...declared } = greeting
  const surface: Record<string, Record<string, JsonObject>> = { server: { declaration: declared } }
  for (const [method, member] of Object.entries(listMembers))
    if (isListMethod(method)) surface[member] = await itemsOf(ask, method, member)
  const answers: Json[] = []
  const played = typeof calls === 'function' ? calls(surface['tools'] ?? {}) : calls
  for (const call of played) answers.push(await ask('tools/call', { name: call.tool, arguments: call.arguments }))
  return { ok: true, surface, answers }
}

type Ask = (method: string, params: JsonObject) => Promise<Json>

/** Results as they come; an error is an answer too, and is compared like one. */
function asker(link: Link): Ask {
  let id = 0
  return async (method, params) => {
    id++
    const reply = await link.request(frameOf({ kind: 'request', id, method, params }), options())
    const envelope = reply?.frame.envelope
    if (envelope?.kind === 'result') return envelope.result
    return envelope?.kind === 'error' ? `error ${envelope.error.code}: ${envelope.error.message}` : null
  }
}

function options() {
  return { signal: AbortSignal.timeout(callMs), headers: {}, related: async () => {} }
}

async function itemsOf(ask: Ask, method: ListMethod, member: string): Promise<Record<string, JsonObject>> {
  const found = new Map<string, JsonObject>()
  let cursor: Json | undefined
  for (let page = 0; page < pagesMax && found.size < itemsMax; page++) {
    const result = await ask(method, cursor === undefined ? {} : { cursor })
    const items = isObject(result) ? result[member] : undefined
    if (!isObject(result) || !Array.isArray(items)) break
    for (const item of items) if (isObject(item)) found.set(freshName(item, found), item)
    cursor = result['nextCursor']
    if (typeof cursor !== 'string') break
  }
  return Object.fromEntries(found)
}

/** A second item of one name is kept under a name of its own, so that it cannot hide the first. */
function freshName(item: JsonObject, found: ReadonlyMap<string, JsonObject>): string {
  const name = `${item['name'] ?? item['uri'] ?? item['uriTemplate'] ?? ''}`
  return found.has(name) ? `${name} (${found.size})` : name
}

function isListMethod(name: string): name is ListMethod {
  return Object.hasOwn(listMembers, name)
}
