import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isObject } from '../core/json.ts'
import { writeAtomic } from '../trust/atomic-file.ts'

/** Which hosts each server has reached before: only what is new is worth an announcement. */
export type KnownHosts = {
  has(server: string, host: string): boolean
  add(server: string, host: string): void
}

const most = { servers: 1024, hosts: 256 } as const
const hostChars = 260

/** Kept as one small file; where it cannot be read everything is new again, which is only louder. */
export function openKnownHosts(folder: string, say: (text: string) => void): KnownHosts {
  const path = join(folder, 'known-hosts.json')
  const known = new Map(Object.entries(read(path)).map(([server, hosts]) => [server, new Set(hosts)]))
  return {
    has: (server, host) => known.get(server)?.has(host) === true,
    add(server, host) {
      const hosts = known.get(server) ?? new Set()
      const isFull = hosts.size >= most.hosts || (known.size >= most.servers && !known.has(server))
      if (hosts.has(host) || isFull) return
      known.set(server, hosts.add(host))
      try {
        const text = JSON.stringify(Object.fromEntries([...known].map(([name, set]) => [name, [...set]])), null, 1)
        writeAtomic(path, text)
      } catch (cause) {
        say(`${path} could not be written: ${cause instanceof Error ? cause.message : String(cause)}`)
      }
    },
  }
}

// By hand: this is opened with every gateway, and a schema library would be most of what that loads.
function read(path: string): Readonly<Record<string, readonly string[]>> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (!isObject(value)) return {}
    const lists = Object.entries(value).map(([server, hosts]): [string, readonly string[]] => [server, hostsIn(hosts)])
    return Object.fromEntries(lists)
  } catch {
    return {}
  }
}

function hostsIn(value: unknown): readonly string[] {
  const hosts: readonly unknown[] = Array.isArray(value) && value.length <= most.hosts ? value : []
  return hosts.filter(host => typeof host === 'string').filter(host => host.length <= hostChars)
}
