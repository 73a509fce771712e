import { createHash } from 'node:crypto'

/** Clients put their own prefix before a tool's name and allow 64 characters in all; this leaves them 12. */
export const exposedNameMax = 52
const separator = '__'
const digestLength = 6

export type Owned<Server extends string = string> = { readonly server: Server; readonly name: string }

/**
 * Names under which several servers' tools or prompts appear side by side: `server__tool`, of `[A-Za-z0-9_-]`, within the
 * length budget. The same input gives the same names in any order, and two things never get the same name.
 */
export function exposedNames<S extends string>(owned: readonly Owned<S>[]): ReadonlyMap<string, Owned<S>> {
  const wanted = Map.groupBy(owned, ({ server, name }) => plainName(server, name))
  const names = new Map<string, Owned<S>>()
  for (const [plain, owners] of wanted)
    for (const owner of owners) {
      const isUnique = owners.length === 1 && plain.length <= exposedNameMax && isExact(owner)
      names.set(isUnique ? plain : digestName(plain, owner), owner)
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

function digestName(plain: string, { server, name }: Owned): string {
  const digest = createHash('sha256').update(`${server}\0${name}`).digest('hex').slice(0, digestLength)
  return `${plain.slice(0, exposedNameMax - digestLength - 1)}-${digest}`
}
