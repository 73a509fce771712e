import { createHash } from 'node:crypto'

/** Clients put their own prefix before a tool's name and allow 64 characters in all; this leaves them 12. */
export const exposedNameMax = 52
const separator = '__'
const digestLength = 6
const longDigestLength = 24

export type Owned<Server extends string = string> = { readonly server: Server; readonly name: string }

/**
 * Names under which several servers' tools or prompts appear side by side: `server__tool`, of `[A-Za-z0-9_-]`, within the
 * length budget. The same input gives the same names in any order, and two things never get the same name.
 */
export function exposedNames<S extends string>(owned: readonly Owned<S>[]): ReadonlyMap<string, Owned<S>> {
  const wanted = Map.groupBy(owned, ({ server, name }) => plainName(server, name))
  const crowd: [name: string, plain: string, owner: Owned<S>][] = []
  const names = new Map<string, Owned<S>>()
  for (const [plain, owners] of wanted)
    for (const owner of owners) {
      const isUnique = owners.length === 1 && plain.length <= exposedNameMax && isExact(owner)
      crowd.push([isUnique ? plain : digestName(plain, owner), plain, owner])
    }
  // A server can choose its names until two digests meet, or until one name is another's digest: then all are longer.
  const shared = Map.groupBy(crowd, ([name]) => name)
  for (const [name, plain, owner] of crowd) {
    const isOwn = shared.get(name)?.length === 1
    names.set(isOwn ? name : digestName(plain, owner, longDigestLength), owner)
  }
  return names
}

/** The name that one thing is exposed under, given the map that `exposedNames` made. */
export function nameOf<S extends string>(
  names: ReadonlyMap<string, Owned<S>>,
  server: S,
  name: string,
): string | undefined {
  for (const [exposed, owner] of names) if (owner.server === server && owner.name === name) return exposed
  return undefined
}

function plainName(server: string, name: string): string {
  return `${cleaned(server)}${separator}${cleaned(name)}`
}

function cleaned(text: string): string {
  return text.replaceAll(/[^a-zA-Z0-9_-]/gu, '_')
}

/** Cleaning must not fold two names into one; whatever it changed carries a digest of the real name. */
function isExact({ server, name }: Owned): boolean {
  return cleaned(server) === server && cleaned(name) === name && !server.includes(separator)
}

/** Whether a name may be one that was shortened or told apart: only the lists say what it stands for. */
export function hasDigest(name: string): boolean {
  return /-[0-9a-f]{6,}$/u.test(name)
}

function digestName(plain: string, { server, name }: Owned, length = digestLength): string {
  const digest = createHash('sha256').update(`${server}\0${name}`).digest('hex').slice(0, length)
  return `${plain.slice(0, exposedNameMax - length - 1)}-${digest}`
}
