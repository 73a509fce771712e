/** What one server did with one host. */
export type Tally = {
  readonly names: number
  readonly dials: number
  readonly refused: number
  readonly upBytes: number
  readonly downBytes: number
}

/** Counters per server and host; numbers only, so that nothing in them has to be redacted but the host's name. */
export type Ledger = {
  /** Adds to a tally; says whether this was the first that was ever heard of the host. */
  add(server: string, host: string, more: Partial<Tally>): { readonly isFirst: boolean; readonly total: Tally }
  of(server: string): ReadonlyMap<string, Tally>
}

const hostsMax = 1024
const serversMax = 1024

/** Where counts go once a server has touched more hosts than are kept apart. */
export const otherHosts = '(others)'

const nothing: Tally = { names: 0, dials: 0, refused: 0, upBytes: 0, downBytes: 0 }

/** `known` are hosts of earlier runs: they are not news again. */
export function createLedger(known: (server: string, host: string) => boolean = () => false): Ledger {
  const servers = new Map<string, Map<string, Tally>>()
  const hostsOf = (server: string) => {
    const found = servers.get(server)
    if (found !== undefined) return found
    const [oldest] = servers.keys()
    if (servers.size >= serversMax && oldest !== undefined) servers.delete(oldest)
    const fresh = new Map<string, Tally>()
    servers.set(server, fresh)
    return fresh
  }
  return {
    add: (server, host, more) => {
      const hosts = hostsOf(server)
      const isNew = !hosts.has(host)
      const key = isNew && hosts.size >= hostsMax ? otherHosts : host
      const old = hosts.get(key) ?? nothing
      const total = {
        names: old.names + (more.names ?? 0),
        dials: old.dials + (more.dials ?? 0),
        refused: old.refused + (more.refused ?? 0),
        upBytes: old.upBytes + (more.upBytes ?? 0),
        downBytes: old.downBytes + (more.downBytes ?? 0),
      }
      hosts.set(key, total)
      return { isFirst: isNew && !known(server, host), total }
    },
    of: server => hostsOf(server),
  }
}
