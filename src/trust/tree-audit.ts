import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readTree, type TreeFile } from './file-tree.ts'
import { isScript, loadedFiles, namedBy, namedByManifests } from './loaded-files.ts'
import type { StoredPackage } from './lock-file.ts'
import { ownersOf } from './python-audit.ts'
import { pythonFactsOf } from './python-facts.ts'
import { pypiName, siteFolder } from './python-start.ts'
import { type Fact, type FactKind, factsOf, type ModuleFacts } from './source-facts.ts'

/** What a dependency can do, in the words of a register. */
const treeDeeds = [
  'reaches the network',
  'starts programs',
  'makes code',
  'machine code',
  'names what it calls at run time',
  'looks outside its folder',
  'wants to run when installed',
  'not read',
] as const
export type TreeDeed = (typeof treeDeeds)[number]

/** By deed, the packages of a stored tree that do it; the server's own package is not among them. */
export type Deeds = Readonly<Record<string, readonly string[]>>

export type TreeAudit = {
  readonly deeds: Deeds
  readonly packages: number
  /** Scripts that were read, of so many. */
  readonly files: number
  readonly filesThere: number
}

/** Time is the processor's: how much is read does not hang on what else the machine does. */
export type TreeBounds = { readonly files: number; readonly bytes: number; readonly cpuMs: number }

const bounds: TreeBounds = { files: 20_000, bytes: 256 * 1024 * 1024, cpuMs: 60_000 }
const fileBytesMax = 4 * 1024 * 1024

const deedOf: Partial<Readonly<Record<FactKind, TreeDeed>>> = {
  network: 'reaches the network',
  child: 'starts programs',
  'dynamic-code': 'makes code',
  native: 'machine code',
  obfuscated: 'names what it calls at run time',
  files: 'looks outside its folder',
  unread: 'not read',
}

/**
 * Reads every script of every dependency of a stored server. A package of which something could not be read, for its size
 * or for time, is named as not read: what it does is not known, which is not the same as nothing.
 */
export function auditTree(root: string, stored: StoredPackage, most: TreeBounds = bounds): TreeAudit {
  const isNpm = stored.ecosystem === 'npm'
  const folder = join(root, stored.folder, isNpm ? 'node_modules' : siteFolder)
  const tree = readTree(folder)
  if (!tree.ok) return { deeds: { 'not read': [tree.reason] }, packages: 0, files: 0, filesThere: 0 }
  const ownerOf = isNpm ? npmOwner(stored) : pythonOwner(folder, tree.files, stored.name)
  const found = new Map<TreeDeed, Set<string>>()
  const note = (deed: TreeDeed | undefined, owner: string) => {
    if (deed !== undefined) found.set(deed, (found.get(deed) ?? new Set()).add(isNpm ? nameAt(owner) : owner))
  }
  const own = isNpm ? stored.name : pypiName(stored.name)
  const theirs = tree.files.map(file => ({ ...file, owner: ownerOf(file.path) })).filter(({ owner }) => owner !== own)
  const reading = reader(folder, isNpm, most)
  const scripts = isNpm ? npmScripts(folder, theirs) : theirs.filter(({ path }) => /\.pyw?$/u.test(path))
  const byPath = new Map(theirs.map(file => [file.path, file]))
  // Each script is read once; what it names is added behind it.
  const waiting = new Set(scripts)
  for (const file of waiting) {
    const read = reading.facts(file)
    if (read === undefined) note('not read', file.owner)
    else for (const fact of read.facts) note(deedIn(fact), file.owner)
    for (const path of loadedFiles(byPath, namedBy(file.path, read?.imports ?? []))) {
      const more = byPath.get(path)
      if (more !== undefined) waiting.add(more)
    }
  }
  for (const { path, owner } of theirs) if (machineCode.test(path)) note('machine code', owner)
  for (const { path, owner } of theirs) if (startup.test(path)) note('wants to run when installed', owner)
  for (const path of stored.installScripts) note('wants to run when installed', path)
  const deeds = Object.fromEntries([...found].map(([deed, owners]) => [deed, [...owners].toSorted()]))
  return {
    deeds,
    packages: new Set(theirs.map(({ owner }) => owner)).size,
    ...reading.count(),
    filesThere: waiting.size,
  }
}

const machineCode = /\.(?:node|wasm|so|pyd|dylib|dll|pyc)$|\.so\.[0-9.]+$|(?:^|\/)binding\.gyp$/u
/** Python runs these whenever it starts in the ordinary way. */
const startup = /^[^/]+\.pth$|^(?:sitecustomize|usercustomize)\.py$/u

/** A call of `exec` alone is mostly that of a pattern; who really starts programs loads the module for it somewhere. */
function deedIn({ kind, what }: Fact): TreeDeed | undefined {
  return kind === 'child' && what.startsWith('runs ') ? undefined : deedOf[kind]
}

type Owned = TreeFile & { readonly owner: string }

/** By their endings, or because a manifest names them. */
function npmScripts(folder: string, files: readonly Owned[]): Owned[] {
  const paths = files.map(({ path }) => path)
  const entries = new Set(loadedFiles(new Set(paths), namedByManifests(folder, paths)))
  return files.filter(({ path }) => isScript(path) || entries.has(path))
}

/**
 * The folder of the innermost package of the lock that a file lies in. Other folders of this name are what a package made of
 * its own files: whose they are is not for the folder to say. Where the lock names none, the folder is all there is.
 */
function npmOwner({ dependencies }: StoredPackage): (path: string) => string {
  return path => {
    for (let here = dirname(path); here !== '.'; here = dirname(here))
      if (Object.hasOwn(dependencies, `node_modules/${here}`)) return here
    return /^(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+/u.exec(path)?.[0] ?? path
  }
}

function nameAt(folder: string): string {
  return `/${folder}`.split('/node_modules/').at(-1)?.replace(/^\//u, '') ?? folder
}

/** What no record names may be anybody's, so it is read with the server's own source and not here. */
function pythonOwner(folder: string, files: readonly TreeFile[], name: string): (path: string) => string {
  const owners = ownersOf(folder, files, name)
  return path => owners.get(path) ?? pypiName(name)
}

function reader(folder: string, isNpm: boolean, most: TreeBounds) {
  const began = process.cpuUsage()
  const isLate = () => {
    const { user, system } = process.cpuUsage(began)
    return (user + system) / 1000 > most.cpuMs
  }
  let [files, bytes] = [0, 0]
  return {
    facts({ path, size }: TreeFile): ModuleFacts | undefined {
      bytes += size
      const isTooMuch = files >= most.files || bytes > most.bytes || size > fileBytesMax
      if (isTooMuch || isLate()) return undefined
      files++
      const text = readFileSync(join(folder, path), 'utf8')
      return isNpm ? factsOf(text, path) : { ...pythonFactsOf(text, path), imports: [] }
    },
    count: () => ({ files }),
  }
}

const namesShown = 6

/** The deeds of dependencies as lines for people. */
export function deedLines(deeds: Deeds): string[] {
  return treeDeeds.flatMap(deed => {
    const names = deeds[deed] ?? []
    const more = names.length > namesShown ? ` and ${names.length - namesShown} more` : ''
    return names.length === 0 ? [] : [`${deed}: ${names.slice(0, namesShown).join(', ')}${more}`]
  })
}
