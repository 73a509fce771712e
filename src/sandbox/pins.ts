import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isInside } from './danger.ts'
import { holdPlace } from './held-place.ts'
import { mountedElsewhere } from './mount-point.ts'
import type { Mount, Pin, Plan } from './plan.ts'
import { type RealPath, realPathOf } from './real-path.ts'

/**
 * Names in a project that other programs run or believe: a server that may write the project must not write these. Of a
 * repository that is all of it: beside hooks and configuration, `commondir`, `modules` and entries of the index make git
 * read the configuration of another place, which names programs that `git status` runs.
 */
const protectedNames = [
  '.git',
  '.gitmodules',
  '.mcp.json',
  '.vscode',
  '.cursor',
  '.cursorrules',
  '.claude',
  '.idea',
  '.husky',
  '.devcontainer',
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

/**
 * Of these, the ones that are covered even where they do not exist: what an editor, an agent or a shell's prompt starts
 * without being asked. A trailing slash says that the name is a folder; an empty .git is no repository to git.
 */
const coveredNames = ['.git/', '.mcp.json', '.vscode/', '.cursor/', '.claude/', '.envrc']

/** Parts of a repository that say what is run; the rest of it is what every commit changes. */
const repositoryParts = ['hooks', 'config', 'config.worktree', 'commondir', 'modules', 'worktrees', 'info']

/** A protected name that is a link cannot be kept: the link itself can be replaced. */
export function protectedLinks(folder: RealPath): readonly string[] {
  return protectedNames.map(name => join(folder, name)).filter(isLink)
}

/** Whether a path inside a project is, lies in or holds a name that other programs run or believe. */
export function isProtected(path: string): boolean {
  const parts = path.toLowerCase().split('/')
  const at = parts.indexOf('.git')
  if (at >= 0) return at === parts.length - 1 || repositoryParts.includes(parts[at + 1] ?? '')
  return protectedNames.some(name => parts.includes(name))
}

type Mounts = Pick<Plan, 'code' | 'read' | 'write'>

/**
 * What is kept as it is in writable folders: protected names, in them and in the repositories that lie in them, under
 * each name that a folder has inside; and what was given for reading only, which lies in a folder that can be moved.
 */
export function pinsOf(mounts: Mounts): readonly Pin[] {
  const kept = mounts.write.flatMap(mount => keptIn(mount.from).map(path => seenAt(mount, path)))
  const readOnly = [...mounts.read.map(({ path }) => path), ...mounts.code]
  const ways = [...kept.map(({ path }) => path), ...readOnly].flatMap(path => waysTo(path, mounts))
  const held = new Map(ways.map(({ path, from }) => [path, { path, from, how: 'hold' as const }]))
  // Outer before inner, or the hold of a parent would lay itself over the kept child.
  return [...held.values(), ...kept].sort((a, b) => a.path.length - b.path.length)
}

function keptIn(folder: RealPath): RealPath[] {
  const places = [folder, ...repositoriesBelow(folder)]
  return places.flatMap(place => protectedNames.flatMap(name => keptAt(folder, join(place, name))))
}

function keptAt(folder: RealPath, path: string): RealPath[] {
  const real = isThere(path) && !isLink(path) ? realPathOf(path) : undefined
  return real?.startsWith(`${folder}/`) ? [real] : []
}

function seenAt(mount: Mount, path: RealPath): Pin {
  return { path: `${mount.path}${path.slice(mount.from.length)}`, from: path, how: 'keep' }
}

/** The folders on the way to a path that could be moved aside, and made anew with something else in the place of it. */
function waysTo(path: string, mounts: Mounts): Mount[] {
  const ways: Mount[] = []
  for (let here = dirname(path); here.length > 1; here = dirname(here)) {
    const around = writableAround(here, mounts)
    const from = around === undefined ? undefined : realPathOf(`${around.from}${here.slice(around.path.length)}`)
    if (from !== undefined) ways.push({ path: here, from })
  }
  return ways
}

/** The writable mount that decides about a path; none where a read-only one lies nearer, or where it is the mount. */
function writableAround(path: string, { code, read, write }: Mounts): Mount | undefined {
  const nearest = (mounts: readonly Mount[]) =>
    mounts.filter(mount => isInside(path, mount.path)).toSorted((a, b) => b.path.length - a.path.length)[0]
  const writable = nearest(write)
  const closed = nearest([...read, ...code.map(folder => ({ path: folder, from: folder }))])
  const isNearer = (closed?.path.length ?? 0) > (writable?.path.length ?? 0)
  return writable === undefined || isNearer || writable.path === path ? undefined : writable
}

/** Folders that hold a .git: a folder, or the file that a work tree and a submodule have in its place. */
function repositoriesBelow(folder: RealPath): RealPath[] {
  const found: RealPath[] = []
  let looked = 0
  const waiting: { path: string; depth: number }[] = [{ path: folder, depth: 0 }]
  for (let next = waiting.shift(); next && found.length < repositoriesMax; next = waiting.shift()) {
    for (const entry of list(next.path)) {
      if (++looked > entriesMax) return found
      const real = entry.name === '.git' && next.path !== folder ? realPathOf(next.path) : undefined
      if (real !== undefined) found.push(real)
      if (!entry.isDirectory() || entry.name === 'node_modules') continue
      const path = join(next.path, entry.name)
      if (!entry.name.startsWith('.') && next.depth + 1 < depthMax) waiting.push({ path, depth: next.depth + 1 })
    }
  }
  return found
}

/** Stands in for a protected name that does not exist, so that nothing can be made under it. */
export type Placeholder = { readonly path: string; readonly isFolder: boolean }

/** How many starts of this process count on a stand-in: one that is planned with it has not mounted it yet. */
const holders = new Map<string, number>()

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
    const isFolder = name.endsWith('/')
    const isMade = inItsFolder(path, held => (isThere(held) ? isOurs(held, isFolder) : make(held, isFolder)))
    if (isMade !== true) continue
    made.push({ path, isFolder })
    holders.set(path, (holders.get(path) ?? 0) + 1)
  }
  return made
}

/** Lets go of stand-ins, once for each time they were placed, and removes those that nobody else counts on. */
export function removeCovers(placeholders: readonly Placeholder[]): readonly Placeholder[] {
  for (const { path } of placeholders) {
    const others = (holders.get(path) ?? 1) - 1
    if (others > 0) holders.set(path, others)
    else holders.delete(path)
  }
  return removeUnused(placeholders)
}

/**
 * Not while another server's root has one mounted: with the file its mount would go, and the name would be free to it. Returns
 * those that stay for that; what another start of this process counts on is that one's to remove.
 */
export function removeUnused(placeholders: readonly Placeholder[]): readonly Placeholder[] {
  const free = placeholders.filter(({ path }) => !holders.has(path))
  const used = mountedElsewhere(free.map(({ path }) => path))
  for (const { path, isFolder } of free.filter(cover => !used.has(cover.path)))
    inItsFolder(path, held => {
      if (!isOurs(held, isFolder)) return
      if (isFolder) rmdirSync(held)
      else rmSync(held)
    })
  return free.filter(cover => used.has(cover.path))
}

/**
 * Reaches a name through its folder, held open, and not at all when that is another by now: the gateway makes and
 * removes files with all its rights, and a server that swaps a folder must not choose where.
 */
function inItsFolder<T>(path: string, use: (held: string) => T): T | undefined {
  if (process.platform !== 'linux') return use(path)
  const folder = holdPlace(dirname(path))
  if (folder === undefined) return undefined
  try {
    return use(`/proc/self/fd/${folder}/${basename(path)}`)
  } finally {
    closeSync(folder)
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
