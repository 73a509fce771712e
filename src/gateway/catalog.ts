import type { Principal, ServerName } from '../core/brand.ts'
import { effectsOf, type Tool } from '../core/capability.ts'
import { isObject, type JsonObject } from '../core/json.ts'

/** What one server was last seen to offer. Lists arrive in pages; a first page starts a list anew. */
export type Offer = {
  readonly tools: ReadonlyMap<string, Tool>
  /** False until a whole list was seen: until then nobody can say that a tool was never listed. */
  readonly isComplete: boolean
  /** Its server, or a change of the configuration, says that it holds no more; nothing was listed since. */
  readonly isTakenBack?: true
}

/** Whose list of which server: an HTTP server may show different tools, or different schemas, to different users. */
export type Viewer = { readonly server: ServerName; readonly principal: Principal }

/** More tools than this, and the rest of a server's list is not taken in: calls of those are refused as never listed. */
const toolsMax = 10_000

export type Catalog = {
  offerOf(viewer: Viewer): Offer
  /** The tools of all servers that a principal was shown, as guards see them. */
  toolsOf(principal: Principal): ReadonlyMap<ServerName, readonly Tool[]>
  takePage(viewer: Viewer, page: { items: readonly JsonObject[]; isFirst: boolean; isLast: boolean }): void
  /** Names of tools that a server says it has, before anybody judged its list: guards compare with them, nothing calls them. */
  hear(viewer: Viewer, items: readonly JsonObject[]): void
  /** Without a principal: for everybody. */
  forget(server: ServerName, principal?: Principal): void
}

const nothing: Offer = { tools: new Map(), isComplete: false }
const takenBack: Offer = { ...nothing, isTakenBack: true }
const noTools: ReadonlyMap<ServerName, readonly Tool[]> = new Map()

type Shelf = { readonly offers: Map<ServerName, Offer>; readonly tools: Map<ServerName, readonly Tool[]> }

export type CatalogOptions = {
  /** The lists of so many are kept; one that was pushed out has its lists fetched again before its next call. */
  readonly principalsMax?: number
  /** Told of each list that was taken in whole. */
  onListed?(server: ServerName, tools: readonly Tool[]): void
}

/** Keeps what servers were last seen to offer, for each principal. */
export function newCatalog({ principalsMax = 1_000, onListed }: CatalogOptions = {}): Catalog {
  // Insertion order is order of last listing: the first is the one that has not listed for longest.
  const shelves = new Map<Principal, Shelf>()
  // What anybody was shown last. It decides nothing: equal definitions become one object, and validators hang on it.
  const latest = new Map<ServerName, ReadonlyMap<string, Tool>>()

  const shelfOf = (principal: Principal): Shelf => {
    const shelf = shelves.get(principal) ?? { offers: new Map(), tools: new Map() }
    shelves.delete(principal)
    shelves.set(principal, shelf)
    const [oldest] = shelves.keys()
    if (shelves.size > principalsMax && oldest !== undefined) shelves.delete(oldest)
    return shelf
  }
  return {
    offerOf: ({ server, principal }) => shelves.get(principal)?.offers.get(server) ?? nothing,
    toolsOf: principal => shelves.get(principal)?.tools ?? noTools,
    takePage({ server, principal }, { items, isFirst, isLast }) {
      const { offers, tools } = shelfOf(principal)
      const begun = offers.get(server)
      // The rest of a list whose beginning nobody saw, or holds no more, would make what stood there never listed.
      if (!isFirst && (begun === undefined || begun.isTakenBack === true)) return
      const known = begun ?? nothing
      const listed = new Map(isFirst ? [] : known.tools)
      for (const definition of items) {
        const name = definition['name']
        if (typeof name !== 'string' || listed.size >= toolsMax) continue
        const before = [known.tools.get(name), latest.get(server)?.get(name)]
        listed.set(name, before.find(tool => isSame(tool, definition)) ?? toolOf(name, definition))
      }
      offers.set(server, { tools: listed, isComplete: isLast || (known.isComplete && !isFirst) })
      const all = [...listed.values()]
      tools.set(server, all)
      latest.set(server, listed)
      if (isLast) onListed?.(server, all)
    },
    hear({ server, principal }, items) {
      const { tools } = shelfOf(principal)
      if (tools.has(server)) return
      const named = items.slice(0, toolsMax).filter(({ name }) => typeof name === 'string')
      tools.set(
        server,
        named.map(definition => toolOf(String(definition['name']), definition)),
      )
    },
    forget(server, principal) {
      if (principal === undefined) latest.delete(server)
      for (const [whose, { offers, tools }] of shelves) {
        if (principal !== undefined && principal !== whose) continue
        if (offers.has(server)) offers.set(server, takenBack)
        tools.delete(server)
      }
    },
  }
}

function isSame(tool: Tool | undefined, definition: JsonObject): tool is Tool {
  return tool !== undefined && JSON.stringify(tool.definition) === JSON.stringify(definition)
}

function toolOf(name: string, definition: JsonObject): Tool {
  return { name, definition, effects: effectsOf(definition) }
}

/** The items of a list result under their member name, leaving out what is no object. */
export function itemsOf(result: unknown, member: string): JsonObject[] {
  const items = isObject(result) ? result[member] : undefined
  return Array.isArray(items) ? items.filter(isObject) : []
}
