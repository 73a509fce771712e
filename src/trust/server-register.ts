import type { LockFile, ServerEntry } from './lock-file.ts'
import type { Changed, StoreRefused } from './store-change.ts'

/** A new state of the register, or why there is none. */
export type Registered = Changed

const previousMax = 20
const reviewDaysNormal = 90

export type Newcomer = {
  readonly name: string
  readonly key: string
  readonly owner: string
  readonly why: string
  readonly nowMs: number
}

/** Why nobody can be entered under this name, before anything is fetched for it. */
export function refuseNewcomer(
  lock: LockFile,
  { name, why }: Pick<Newcomer, 'name' | 'why'>,
): StoreRefused | undefined {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}$/u.test(name))
    return { ok: false, reason: `${JSON.stringify(name)} is no server name`, wayOut: 'use letters, digits, - and _' }
  if (why.trim() === '')
    return { ok: false, reason: `nobody says why ${name} is needed`, wayOut: 'say it in a sentence: --why "…"' }
  if (!Object.hasOwn(lock.servers, name)) return undefined
  return { ok: false, reason: `there is a server ${name} already`, wayOut: `sallyport update ${name}, or another name` }
}

/** Enters a server: what is started under the name, who wanted it, and why. */
export function enterServer(lock: LockFile, { name, key, owner, why, nowMs }: Newcomer): Registered {
  const refused = refuseNewcomer(lock, { name, why })
  if (refused !== undefined) return refused
  if (lock.packages[key] === undefined && lock.images?.[key] === undefined)
    return { ok: false, reason: `${key} is not in the store`, wayOut: 'add it first' }
  const now = new Date(nowMs).toISOString()
  const dates = { addedAt: now, reviewedAt: now, reviewDays: reviewDaysNormal }
  return withServer(lock, name, { active: key, previous: [], owner, why: why.trim(), ...dates })
}

/** Puts a stored version beside the one in force; nothing starts it yet. */
export function stageVersion(lock: LockFile, name: string, key: string): Registered {
  const server = serverIn(lock, name)
  if (server === undefined) return unknown(name)
  if (lock.packages[key] === undefined)
    return { ok: false, reason: `${key} is not in the store`, wayOut: `sallyport update ${name}` }
  const [next, active] = [lock.packages[key], lock.packages[server.active]]
  if (next.name !== active?.name || next.ecosystem !== active.ecosystem)
    return {
      ok: false,
      reason: `${key} is another package than ${server.active}`,
      wayOut: 'add it as a server of its own',
    }
  if (key === server.active)
    return { ok: false, reason: `${name} is at ${key} already`, wayOut: 'nothing is to be done' }
  return withServer(lock, name, { ...server, staged: key })
}

/** Two versions that were tried beside each other: only that comparison says anything about the second. */
export type Tried = { readonly from: string; readonly to: string; readonly nowMs: number }

/**
 * Makes the staged version the one in force, and remembers the old one for going back. Another command may have staged
 * another version, or gone back, while this one was tried: then nobody has looked at what would be put in force.
 */
export function promote(lock: LockFile, name: string, { from, to, nowMs }: Tried): Registered {
  const server = serverIn(lock, name)
  if (server === undefined) return unknown(name)
  const { staged, ...rest } = server
  if (staged === undefined)
    return { ok: false, reason: `nothing is staged for ${name}`, wayOut: `sallyport update ${name}` }
  if (staged !== to || server.active !== from)
    return {
      ok: false,
      reason: `another command changed ${name} meanwhile: ${server.active} is in force and ${staged} staged`,
      wayOut: `compare them: sallyport update ${name}`,
    }
  const previous = [server.active, ...server.previous.filter(key => key !== server.active)].slice(0, previousMax)
  return withServer(lock, name, { ...rest, active: staged, previous, reviewedAt: new Date(nowMs).toISOString() })
}

/** Goes back to the version before, at any later time: it was never taken out of the store. */
export function rollBack(lock: LockFile, name: string): Registered {
  const server = serverIn(lock, name)
  if (server === undefined) return unknown(name)
  const [before, ...previous] = server.previous
  if (before === undefined || lock.packages[before] === undefined)
    return { ok: false, reason: `${name} has no earlier version in the store`, wayOut: 'add the version you want' }
  return withServer(lock, name, { ...server, active: before, previous, staged: server.active })
}

/** Changes who answers for a server, why it is here, or how often it is looked at. */
export function describeServer(lock: LockFile, name: string, change: Partial<ServerEntry>): Registered {
  const server = serverIn(lock, name)
  return server === undefined ? unknown(name) : withServer(lock, name, { ...server, ...change })
}

/** Takes a server out, and the packages and images that then nobody starts. */
export function removeServer(lock: LockFile, name: string): Registered {
  if (serverIn(lock, name) === undefined) return unknown(name)
  const { [name]: _, ...servers } = lock.servers
  const used = new Set(
    Object.values(servers).flatMap(({ active, previous, staged }) => [active, ...previous, staged ?? active]),
  )
  const packages = Object.fromEntries(Object.entries(lock.packages).filter(([key]) => used.has(key)))
  if (lock.images === undefined) return { ok: true, lock: { ...lock, servers, packages } }
  const images = Object.fromEntries(Object.entries(lock.images).filter(([key]) => used.has(key)))
  return { ok: true, lock: { ...lock, servers, packages, images } }
}

/** Own members only: `constructor` is no server. */
function serverIn({ servers }: LockFile, name: string): ServerEntry | undefined {
  return Object.hasOwn(servers, name) ? servers[name] : undefined
}

function withServer(lock: LockFile, name: string, server: ServerEntry): Registered {
  return { ok: true, lock: { ...lock, servers: { ...lock.servers, [name]: server } } }
}

function unknown(name: string): Registered {
  return { ok: false, reason: `there is no server ${name}`, wayOut: 'sallyport server list shows what there is' }
}
