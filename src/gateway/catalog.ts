import type { ServerName } from '../core/brand.ts'
import { effectsOf, type Tool } from '../core/capability.ts'
import { isObject, type JsonObject } from '../core/json.ts'

/** What one server was last seen to offer. Lists arrive in pages; a first page starts a list anew. */
export type Offer = {
  readonly tools: ReadonlyMap<string, Tool>
  /** False until a whole list was seen: until then nobody can say that a tool was never listed. */
  readonly isComplete: boolean
}

/** More tools than this, and the rest of a server's list is not taken in: calls of those are refused as never listed. */
const toolsMax = 10_000

export type Catalog = {
  offerOf(server: ServerName): Offer
  /** The tools of all servers, as guards see them. */
  readonly tools: ReadonlyMap<ServerName, readonly Tool[]>
  takePage(server: ServerName, page: { items: readonly JsonObject[]; isFirst: boolean; isLast: boolean }): void
  /** Names of tools that a server says it has, before anybody judged its list: guards compare with them, nothing calls them. */
  hear(server: ServerName, items: readonly JsonObject[]): void
  forget(server: ServerName): void
}

const nothing: Offer = { tools: new Map(), isComplete: false }

export function newCatalog(): Catalog {
  const offers = new Map<ServerName, Offer>()
  const tools = new Map<ServerName, readonly Tool[]>()
  return {
    tools,
    offerOf: server => offers.get(server) ?? nothing,
    takePage(server, { items, isFirst, isLast }) {
      const known = offers.get(server) ?? nothing
      const listed = new Map(isFirst ? [] : known.tools)
      for (const definition of items) {
        const name = definition['name']
        if (typeof name !== 'string' || listed.size >= toolsMax) continue
        // The object that was seen before is kept while it says the same: compiled validators hang on it.
        const before = known.tools.get(name)
        const isSame = before !== undefined && JSON.stringify(before.definition) === JSON.stringify(definition)
        listed.set(name, isSame ? before : { name, definition, effects: effectsOf(definition) })
      }
      offers.set(server, { tools: listed, isComplete: isLast || (known.isComplete && !isFirst) })
      tools.set(server, [...listed.values()])
    },
    hear(server, items) {
      if (tools.has(server)) return
      const named = items.slice(0, toolsMax).filter(({ name }) => typeof name === 'string')
      tools.set(
        server,
        named.map(definition => ({ name: String(definition['name']), definition, effects: effectsOf(definition) })),
      )
    },
    forget(server) {
      offers.delete(server)
      tools.delete(server)
    },
  }
}

/** The items of a list result under their member name, leaving out what is no object. */
export function itemsOf(result: unknown, member: string): JsonObject[] {
  const items = isObject(result) ? result[member] : undefined
  return Array.isArray(items) ? items.filter(isObject) : []
}
