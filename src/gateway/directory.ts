import type { ServerName } from '../core/brand.ts'
import type { JsonObject } from '../core/json.ts'
import { exposedNames, type Owned } from './naming.ts'

/** Under which names several servers' things appear to one client, and whose they are. */
export type Directory = {
  tools: ReadonlyMap<string, Owned<ServerName>>
  prompts: ReadonlyMap<string, Owned<ServerName>>
  /** Exposed URI → whose it is and what it is called there. */
  resources: ReadonlyMap<string, Owned<ServerName>>
  templates: readonly Owned<ServerName>[]
}

export type Listed = { readonly server: ServerName; readonly items: readonly JsonObject[] }

export function newDirectory(): Directory {
  return { tools: new Map(), prompts: new Map(), resources: new Map(), templates: [] }
}

/** Items of several servers with their exposed names written in, sorted as the servers are configured. */
export function named(lists: readonly Listed[]): { items: JsonObject[]; names: Map<string, Owned<ServerName>> } {
  const owned = lists.flatMap(({ server, items }) => items.map(item => ({ server, name: String(item['name'] ?? '') })))
  const names = new Map(exposedNames(owned))
  const exposed = new Map([...names].map(([name, owner]) => [keyOf(owner), name]))
  const items = lists.flatMap(({ server, items }) =>
    items.map(item => ({ ...item, name: exposed.get(keyOf({ server, name: String(item['name'] ?? '') })) ?? '' })),
  )
  return { items, names }
}

function keyOf({ server, name }: Owned): string {
  return `${server}\0${name}`
}

/** URIs pass as they are; where a second server offers the same one, its own carries the server's name in front. */
export function located(lists: readonly Listed[]): { items: JsonObject[]; owners: Map<string, Owned<ServerName>> } {
  const owners = new Map<string, Owned<ServerName>>()
  const items = lists.flatMap(({ server, items }) =>
    items.map(item => {
      const uri = String(item['uri'] ?? '')
      const exposed = owners.has(uri) ? `${server}+${uri}` : uri
      owners.set(exposed, { server, name: uri })
      return exposed === uri ? item : { ...item, uri: exposed }
    }),
  )
  return { items, owners }
}

/**
 * The same for templates: two servers' equal ones would leave a client with neither, because a URI made from them says
 * nothing of whose it is. What is made from a marked template carries the mark.
 */
export function shaped(lists: readonly Listed[]): { items: JsonObject[]; templates: Owned<ServerName>[] } {
  const owners = new Map<string, Owned<ServerName>>()
  const items = lists.flatMap(({ server, items }) =>
    items.map(item => {
      const name = String(item['uriTemplate'] ?? '')
      const first = owners.get(name)
      if (first !== undefined && first.server !== server) return { ...item, uriTemplate: `${server}+${name}` }
      owners.set(name, { server, name })
      return item
    }),
  )
  return { items, templates: [...owners.values()] }
}

/** Whose resource a URI is: listed, marked with a server's name, or shaped like one of a server's templates. */
export function ownerOf(
  directory: Directory,
  uri: string,
  servers: readonly ServerName[],
): Owned<ServerName> | undefined {
  const listed = directory.resources.get(uri)
  if (listed !== undefined) return listed
  for (const server of servers) if (uri.startsWith(`${server}+`)) return { server, name: uri.slice(server.length + 1) }
  const [template, ...others] = directory.templates.filter(({ name }) => fits(uri, name))
  // A template can be as wide as its server likes: where two servers claim a URI, neither gets it unless it is named.
  if (template === undefined || others.some(({ server }) => server !== template.server)) return undefined
  return { server: template.server, name: uri }
}

/** Whether a URI could come from an RFC 6570 template: its literal parts, in order, between the expressions. */
export function fits(uri: string, template: string): boolean {
  const literals = template.split(/\{[^{}]*\}/u)
  const [head = '', ...rest] = literals
  if (rest.length === 0) return uri === template
  if (!uri.startsWith(head)) return false
  let from = head.length
  for (const literal of rest.slice(0, -1)) {
    const found = uri.indexOf(literal, from)
    if (found < 0) return false
    from = found + literal.length
  }
  const tail = rest.at(-1) ?? ''
  return uri.length - tail.length >= from && uri.endsWith(tail)
}
