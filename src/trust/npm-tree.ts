import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { clean } from 'semver'
import * as z from 'zod'

const wishes = z.record(z.string(), z.string()).optional()
const laidPackage = z.object({
  ...{ name: z.string().optional(), version: z.string().optional(), resolved: z.string().optional() },
  ...{ integrity: z.string().optional(), hasShrinkwrap: z.boolean().optional() },
  ...{ dependencies: wishes, optionalDependencies: wishes, peerDependencies: wishes },
})
const laidOut = z.object({ packages: z.record(z.string(), laidPackage) })

type LaidPackage = z.infer<typeof laidPackage>

/** What npm wrote of a tree into its lock: packages by their folders. The root has none of its own. */
export type LaidOut = ReadonlyMap<string, LaidPackage>

/** Reads the lock of npm; empty when there is none that can be understood. */
export function readLaidOut(folder: string): LaidOut {
  const read = laidOut.safeParse(jsonOf(join(folder, 'package-lock.json')))
  return new Map(read.success ? Object.entries(read.data.packages).filter(([path]) => path !== '') : [])
}

/**
 * Why a tree is not what a registry said it is; undefined when it is. npm believes whatever the author of a package wrote:
 * addresses among the dependencies, a list of hashes of its own, packages inside packages, another name inside. Each of
 * them would be shown, and looked up, as something it is not.
 */
export function treeProblem(folder: string, packages: LaidOut): string | undefined {
  for (const [path, laid] of packages) {
    const problem =
      placeProblem(path) ??
      hashProblem(path, laid) ??
      contentProblem(folder, path, laid) ??
      wishProblem(path, packages) ??
      shrinkwrapProblem(path, packages) ??
      strayProblem(folder, path, packages)
    if (problem !== undefined) return problem
  }
  return strayProblem(folder, '', packages)
}

const place = /^node_modules\/(?:@[^/]+\/)?[^/]+(?:\/node_modules\/(?:@[^/]+\/)?[^/]+)*$/u

function placeProblem(path: string): string | undefined {
  return place.test(path) && !path.split('/').includes('..') ? undefined : `${path} lies outside of the package`
}

/** One hash of one kind: of two, either would do, and the weaker ones can be made to fit. */
const strong = /^(?:sha512-[A-Za-z0-9+/]{86}==|sha384-[A-Za-z0-9+/]{64}|sha256-[A-Za-z0-9+/]{43}=)$/u

function hashProblem(path: string, { integrity }: LaidPackage): string | undefined {
  if (integrity === undefined) return `the registry gave no hash for ${path}`
  return strong.test(integrity) ? undefined : `the registry gave no single strong hash for ${path}`
}

/** What a package is called inside. Packages for other systems are in the lock and not on the disk. */
function contentProblem(folder: string, path: string, { name = nameAt(path), version }: LaidPackage) {
  const inside = insideOf(jsonOf(join(folder, path, 'package.json')))
  const isSame = inside?.name === name && clean(inside.version, true) === clean(version ?? '', true)
  return inside === undefined || isSame
    ? undefined
    : `${path} is ${inside.name}@${inside.version} inside, and not ${name}@${version}`.slice(0, 300)
}

const manifest = z.object({ name: z.string(), version: z.string() })

function insideOf(value: unknown) {
  const read = manifest.safeParse(value)
  return read.success ? read.data : undefined
}

/** The name that a package is loaded by. */
function nameAt(path: string): string {
  return path.split('node_modules/').at(-1) ?? path
}

function wishProblem(path: string, packages: LaidOut): string | undefined {
  const { dependencies, optionalDependencies, peerDependencies } = packages.get(path) ?? {}
  const all = Object.entries({ ...peerDependencies, ...dependencies, ...optionalDependencies })
  const bad = all.find(([name, spec]) => !isOfRegistry(spec) && isLoaded(packages, path, name))
  return bad && `${nameAt(path)} takes ${bad[0]} from an address of its own, not from the registry`
}

/** A range, a tag, or another package of the registry under this name. */
function isOfRegistry(spec: string): boolean {
  const range = spec.replace(/^npm:(?:@[^/:@]+\/)?[^/:@]+/u, '')
  return !/[:/\\]|^\.|\.(?:tgz|tar|tar\.gz)$/iu.test(range)
}

/** Whether a package finds a dependency beside or above itself, as Node looks for it. */
function isLoaded(packages: LaidOut, path: string, name: string): boolean {
  for (let here = path; here !== ''; here = parentOf(here))
    if (packages.has(`${here}/node_modules/${name}`)) return true
  return packages.has(`node_modules/${name}`)
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/')))
}

/** Under a list that the author of a package wrote, an address must be the one that its own registry has for that very version. */
function shrinkwrapProblem(path: string, packages: LaidOut): string | undefined {
  const { name = nameAt(path), version, resolved } = packages.get(path) ?? {}
  const owner = ownerOf(path, packages)
  if (owner === undefined || resolved === undefined) return undefined
  const { name: ownName = nameAt(owner), version: ownVersion, resolved: own = '' } = packages.get(owner) ?? {}
  const ownEnd = archiveAt(ownName, ownVersion)
  const isOfOwn = own.endsWith(ownEnd) && resolved === `${own.slice(0, -ownEnd.length)}${archiveAt(name, version)}`
  return isOfOwn ? undefined : `${nameAt(owner)} takes ${name} from an address of its own, not from the registry`
}

function ownerOf(path: string, packages: LaidOut): string | undefined {
  for (let here = parentOf(path); here !== ''; here = parentOf(here))
    if (packages.get(here)?.hasShrinkwrap === true) return here
  return undefined
}

function archiveAt(name: string, version: string | undefined): string {
  return `${name}/-/${name.split('/').at(-1)}-${version}.tgz`
}

/** Code beside the listed packages would be loaded under their names, before them. */
function strayProblem(folder: string, path: string, packages: LaidOut): string | undefined {
  const within = path === '' ? 'node_modules' : `${path}/node_modules`
  const stray = namesIn(join(folder, within)).find(name => !packages.has(`${within}/${name}`))
  return stray && `${within}/${stray} came inside another package, and the registry was not asked for it`
}

/** Names that are loaded from a folder. Those with a dot are npm's own notes. */
function namesIn(modules: string): string[] {
  return entriesOf(modules).flatMap(name =>
    name.startsWith('@') ? entriesOf(join(modules, name)).map(each => `${name}/${each}`) : name,
  )
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => !name.startsWith('.'))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return []
    throw cause
  }
}

const jsonBytesMax = 16 * 1024 * 1024

/** The value in a file; undefined where there is none. */
export function jsonOf(path: string): unknown {
  try {
    const text = readFileSync(path, 'utf8')
    return text.length > jsonBytesMax ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
