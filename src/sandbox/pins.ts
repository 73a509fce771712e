import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Pin } from './plan.ts'
import { type RealPath, realPathOf } from './real-path.ts'

/**
 * Names in a project that other programs run or believe: a server that may write the project must not write these. A
 * trailing slash says that the name is a folder.
 */
const protectedNames = [
  '.git/hooks/',
  '.git/config',
  '.gitmodules',
  '.mcp.json',
  '.vscode/',
  '.cursor/',
  '.cursorrules',
  '.claude/',
  '.idea/',
  '.husky/',
  '.devcontainer/',
  '.envrc',
  '.npmrc',
  '.yarnrc.yml',
  '.bashrc',
  '.bash_profile',
  '.profile',
  '.zshrc',
  '.zshenv',
]

const repositoriesMax = 64
const depthMax = 3
const entriesMax = 5000

/** Of these, the ones that are covered even where they do not exist: what an editor or agent starts without being asked. */
const coveredNames = ['.git/hooks/', '.mcp.json', '.vscode/', '.cursor/', '.claude/', '.envrc']

/** A protected name that is a link cannot be kept: the link itself can be replaced. */
export function protectedLinks(folder: RealPath): readonly string[] {
  return protectedNames.flatMap(name => {
    const parts = name.replace(/\/$/u, '').split('/')
    const paths = parts.map((_, i) => join(folder, ...parts.slice(0, i + 1)))
    return paths.filter(isLink)
  })
}

/** Whether a path inside a project is, lies in or holds a protected name. */
export function isProtected(path: string): boolean {
  const parts = `/${path.toLowerCase()}/`
  return protectedNames.some(name => parts.includes(`/${name.replace(/\/$/u, '')}/`))
}

/** What is kept as it is in a writable folder: in it, and in the repositories that lie in it. */
export function pinsOf(folder: RealPath): readonly Pin[] {
  const places = [folder, ...repositoriesBelow(folder)]
  const pins = places.flatMap(place => protectedNames.flatMap(name => pinsFor(place, name)))
  const hardest = new Map<string, Pin>()
  for (const pin of pins) if (hardest.get(pin.path)?.how !== 'keep') hardest.set(pin.path, pin)
  // Outer before inner, or the hold of a parent would lay itself over the kept child.
  return [...hardest.values()].sort((a, b) => a.path.length - b.path.length)
}

/** The name itself is kept; each folder on the way to it is held, or it would be moved aside and made anew. */
function pinsFor(place: RealPath, name: string): Pin[] {
  const path = join(place, name.replace(/\/$/u, ''))
  if (!isThere(path) || isLink(path)) return []
  const real = realPathOf(path)
  if (real === undefined || !real.startsWith(`${place}/`)) return []
  const ways: Pin[] = []
  for (let here = dirname(real); here.length > place.length; here = dirname(here)) {
    const way = realPathOf(here)
    if (way !== undefined) ways.push({ path: way, how: 'hold' })
  }
  return [...ways, { path: real, how: 'keep' }]
}

function repositoriesBelow(folder: RealPath): RealPath[] {
  const found: RealPath[] = []
  let looked = 0
  const waiting: { path: string; depth: number }[] = [{ path: folder, depth: 0 }]
  for (let next = waiting.shift(); next && found.length < repositoriesMax; next = waiting.shift()) {
    for (const entry of list(next.path)) {
      if (++looked > entriesMax) return found
      if (!entry.isDirectory() || entry.name === 'node_modules') continue
      const path = join(next.path, entry.name)
      const real = entry.name === '.git' && next.path !== folder ? realPathOf(next.path) : undefined
      if (real !== undefined) found.push(real)
      if (!entry.name.startsWith('.') && next.depth + 1 < depthMax) waiting.push({ path, depth: next.depth + 1 })
    }
  }
  return found
}

/** Stands in for a protected name that does not exist, so that nothing can be made under it. */
export type Placeholder = { readonly path: string; readonly isFolder: boolean }

// Valid in every format that is read under these names, and recognised when it is taken away again.
const placeholderText = '{}\n'

/**
 * A name that is not there cannot be bound, so an empty one is made for as long as the server runs. It is taken away
 * afterwards; one that a killed gateway left behind is known by its content and taken over.
 */
export function placeCovers(folder: RealPath): readonly Placeholder[] {
  const made: Placeholder[] = []
  for (const name of coveredNames) {
    const path = join(folder, name.replace(/\/$/u, ''))
    // Hooks and configuration of git are made only inside a repository: an empty .git would look like a broken one.
    if (name.startsWith('.git/') && !isThere(join(folder, '.git'))) continue
    const isFolder = name.endsWith('/')
    if (isThere(path) ? isOurs(path, isFolder) : make(path, isFolder)) made.push({ path, isFolder })
  }
  return made
}

export function removeCovers(placeholders: readonly Placeholder[]): void {
  for (const { path, isFolder } of placeholders) {
    if (!isOurs(path, isFolder)) continue
    if (isFolder) rmdirSync(path)
    else rmSync(path)
  }
}

function make(path: string, isFolder: boolean): boolean {
  try {
    if (isFolder) mkdirSync(path, { mode: 0o755 })
    else writeFileSync(path, placeholderText, { flag: 'wx', mode: 0o644 })
    return true
  } catch {
    return false
  }
}

function isOurs(path: string, isFolder: boolean): boolean {
  try {
    const stats = lstatSync(path)
    if (isFolder) return stats.isDirectory() && readdirSync(path).length === 0
    return stats.isFile() && stats.size === placeholderText.length && readFileSync(path, 'utf8') === placeholderText
  } catch {
    return false
  }
}

function isThere(path: string): boolean {
  return existsSync(path) || isLink(path)
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink()
  } catch {
    return false
  }
}

function list(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch {
    return []
  }
}
