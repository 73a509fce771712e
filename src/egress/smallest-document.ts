import { posix } from 'node:path'
import type { Observation } from './observation.ts'

/** The part of a permission document that can be learnt. */
export type LearntDocument = {
  readonly command: readonly string[]
  readonly files: { readonly read: readonly string[]; readonly write: readonly string[] }
  readonly net: 'none' | { readonly hosts: readonly string[] }
  readonly children: 'none' | readonly string[]
}

/** Why a line stands in the document. */
export type Evidence = { readonly at: string; readonly value: string; readonly because: string }

export type Learnt = {
  readonly document: LearntDocument
  readonly evidence: readonly Evidence[]
  /** What was seen and not taken over, because no document may allow it. */
  readonly leftOut: readonly Evidence[]
}

export type Place = { readonly command: readonly string[]; readonly home: string; readonly code: readonly string[] }

// A sandbox's own root has these anyway, or never has them.
const given = ['/usr', '/lib', '/lib64', '/bin', '/sbin', '/proc', '/sys', '/dev', '/nix/store']
const givenFiles =
  /^\/etc\/(?:ld\.so\.|resolv\.conf|hosts$|nsswitch\.conf|host\.conf|gai\.conf|passwd$|group$|localtime|ssl\/|pki\/|ca-certificates)/u
const filesPerFolder = 8

/** The smallest document that allows what was observed; a folder only where many of its files were used. */
export function smallestDocument(seen: Observation, place: Place): Learnt {
  const evidence: Evidence[] = []
  const leftOut: Evidence[] = []
  const add = (at: string, value: string, because: string) => void evidence.push({ at, value, because })
  const isOwn = (path: string) => [...given, ...place.code].some(root => isWithin(path, root)) || givenFiles.test(path)
  const writes = foldersOf([...seen.writes].filter(([path]) => !isOwn(path)))
  const isWritten = (path: string) => writes.some(([folder]) => isWithin(path, folder))
  const reads = grouped(
    [...seen.reads].filter((read, _, all) => !isOwn(read[0]) && !isWritten(read[0]) && !isWayTo(read, all)),
    place.home,
  )
  for (const [value, because] of reads) add('files.read', value, because)
  for (const [value, because] of writes) {
    if (isBroad(value, place.home))
      leftOut.push({ at: 'files.write', value, because: `${because}; too broad a folder to give` })
    else add('files.write', value, because)
  }
  for (const [value, because] of seen.hosts) {
    if (/^(?:127\.|\[::1\]|169\.254\.)/u.test(value))
      leftOut.push({ at: 'net.hosts', value, because: `${because}; inside this machine` })
    else add('net.hosts', value, because)
  }
  for (const [value, because] of seen.children)
    add('children', isWithin(value, '/usr') || isWithin(value, '/bin') ? posix.basename(value) : value, because)
  const of = (at: string) => [...new Set(evidence.filter(line => line.at === at).map(({ value }) => value))].sort()
  const [hosts, children] = [of('net.hosts'), of('children')]
  const document: LearntDocument = {
    command: place.command,
    files: { read: of('files.read'), write: of('files.write') },
    net: hosts.length === 0 ? 'none' : { hosts },
    children: children.length === 0 ? 'none' : children,
  }
  return { document, evidence, leftOut }
}

export type Drift = {
  readonly kind: 'read' | 'write' | 'host' | 'child' | 'name'
  readonly value: string
  readonly because: string
}

/** What a later run did that its document does not allow: the behaviour changed, or was not seen when it was learnt. */
export function drift(document: LearntDocument, seen: Observation, place: Place): readonly Drift[] {
  const { evidence, leftOut } = smallestDocument(seen, place)
  const hosts = document.net === 'none' ? [] : document.net.hosts
  const children = document.children === 'none' ? [] : document.children
  const { read, write } = document.files
  const isNew = ({ at, value }: Evidence): boolean => {
    if (at === 'files.read') return ![...read, ...write].some(root => isWithin(value, root))
    if (at === 'files.write') return !write.some(root => isWithin(value, root))
    if (at === 'children') return !children.includes(value)
    return !hosts.some(host => host === value || (host.startsWith('*.') && value.endsWith(host.slice(1))))
  }
  const kinds = { 'files.read': 'read', 'files.write': 'write', children: 'child', 'net.hosts': 'host' } as const
  const kindOf = (at: string): Drift['kind'] => Object.entries(kinds).find(([name]) => name === at)?.[1] ?? 'host'
  const found = [...evidence, ...leftOut].filter(isNew).map(line => ({ ...line, kind: kindOf(line.at) }))
  const unique = new Map(
    found.toReversed().map(({ kind, value, because }) => [`${kind} ${value}`, { kind, value, because }]),
  )
  return [...unique.values()].toReversed()
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`)
}

/** A folder that was looked at on the way to something inside it is there as soon as that is. */
function isWayTo([path, because]: Entry, all: readonly Entry[]): boolean {
  return !because.startsWith('open') && all.some(([other]) => other.startsWith(`${path}/`))
}

type Entry = readonly [path: string, because: string]

function isBroad(path: string, home: string): boolean {
  return path === '/' || isWithin(home, path) || /^\/(?:etc|var|home|root|run)$/u.test(path)
}

/** Writing makes and removes files, so what can be given is the folder. */
function foldersOf(paths: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  const folders = new Map<string, string>()
  for (const [path, because] of paths) {
    const folder = posix.dirname(path)
    if (!folders.has(folder)) folders.set(folder, `${because}: ${posix.basename(path)}`)
  }
  return [...folders].filter(
    ([folder]) => ![...folders.keys()].some(other => other !== folder && isWithin(folder, other)),
  )
}

function grouped(paths: readonly (readonly [string, string])[], home: string): (readonly [string, string])[] {
  const byFolder = Map.groupBy(paths, ([path]) => posix.dirname(path))
  return [...byFolder].flatMap(([folder, files]) =>
    files.length > filesPerFolder && !isBroad(folder, home)
      ? [[folder, `${files.length} of its files were opened`] as const]
      : files,
  )
}
