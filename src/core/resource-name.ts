import { anyGlobOf, type Glob } from './glob.ts'

/**
 * The address of a resource as any server would read it: escapes undone, however deep, `.` and `..` walked, slashes of
 * either kind and number made one, scheme and host in small letters. Two spellings of one place become one.
 */
export function plainAddress(address: string): string {
  const { scheme, authority, path, rest } = partsOf(unescaped(address).normalize('NFKC').replaceAll('\\', '/'))
  const host = scheme === 'file:' && authority === 'localhost' ? '' : authority
  const isRooted = path.startsWith('/') || scheme === 'file:'
  const start = scheme === 'file:' || authority !== undefined ? `${scheme}//${host ?? ''}` : scheme
  return `${start}${walked(path, isRooted)}${rest}`
}

/** Compiles patterns of addresses for a rule that refuses: a place is refused in each of its spellings. */
export function anySpellingOf(patterns: readonly string[]): Glob {
  const fits = anyGlobOf([...patterns, ...patterns.map(plainAddress)])
  return address => {
    if (fits(address)) return true
    const plain = plainAddress(address)
    return fits(plain) || fits(withoutRest(plain))
  }
}

/** The same for a rule that allows: what is written must fit, and so must the place that it leads to. */
export function everySpellingOf(patterns: readonly string[]): Glob {
  const written = anyGlobOf(patterns)
  const meant = anyGlobOf([...patterns, ...patterns.map(plainAddress)])
  return address => written(address) && meant(plainAddress(address))
}

type Parts = {
  readonly scheme: string
  /** Undefined where there are no two slashes: `file:/etc`, `memo:x`. */
  readonly authority: string | undefined
  readonly path: string
  /** Query and fragment, which no path reaches into. */
  readonly rest: string
}

function partsOf(address: string): Parts {
  const [scheme = ''] = /^[a-z][a-z0-9+.-]{0,63}:/iu.exec(address) ?? []
  const after = address.slice(scheme.length)
  const end = endOf(after)
  const [whole, rest] = [after.slice(0, end), after.slice(end)]
  if (!whole.startsWith('//')) return { scheme: scheme.toLowerCase(), authority: undefined, path: whole, rest }
  const slash = whole.indexOf('/', 2)
  const authority = (slash < 0 ? whole.slice(2) : whole.slice(2, slash)).toLowerCase()
  return { scheme: scheme.toLowerCase(), authority, path: slash < 0 ? '' : whole.slice(slash), rest }
}

function endOf(text: string): number {
  const found = text.search(/[?#]/u)
  return found < 0 ? text.length : found
}

function withoutRest(address: string): string {
  return address.slice(0, endOf(address))
}

function walked(path: string, isRooted: boolean): string {
  const steps: string[] = []
  const all = path.split('/')
  for (const step of all) {
    if (step === '' || step === '.') continue
    // Above the root there is nothing; above a path without one there is somewhere, so that its steps up stay.
    if (step !== '..' || (!isRooted && (steps.length === 0 || steps.at(-1) === '..'))) steps.push(step)
    else steps.pop()
  }
  const last = all.at(-1)
  const isFolder = all.length > 1 && (last === '' || last === '.' || last === '..')
  return `${isRooted ? '/' : ''}${steps.join('/')}${isFolder && steps.length > 0 ? '/' : ''}`
}

/** Escapes of escapes are undone as well, as often as a proxy and a server behind it might. */
const roundsMax = 4

function unescaped(address: string): string {
  let text = address
  for (let round = 0; round < roundsMax && text.includes('%'); round++) {
    const next = text.replaceAll(/(?:%[0-9a-f]{2})+/giu, decoded)
    if (next === text) break
    text = next
  }
  return text
}

function decoded(escapes: string): string {
  const bytes = Buffer.from(escapes.replaceAll('%', ''), 'hex')
  return bytes.toString('utf8')
}
