import { createHash } from 'node:crypto'
import {
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { isObject } from '../core/json.ts'
import type { Mount } from './plan.ts'
import type { Refused } from './program.ts'
import { type RealPath, realPathOf } from './real-path.ts'
import { removeTree } from './remove-tree.ts'
import { refreshStage } from './stage-refresh.ts'
import { stampOf } from './stamp.ts'

/** A writable folder of a server as a copy, and what the original looked like when the copy was made. */
export type Stage = {
  readonly original: RealPath
  /** What the server sees and writes at the original's path. */
  readonly copy: RealPath
  /** What each file was, by path inside the folder, when both were last the same. */
  readonly base: Map<string, Stamps>
}

/** Who has changed since: a person the original, the server its copy. Folders have the same stamp always. */
export type Stamps = { readonly original: string; readonly copy: string }

export type Staged = { readonly ok: true; readonly stage: Stage } | Refused

const most = { entries: 20_000, bytes: 512 * 1024 * 1024, depth: 64 } as const

/**
 * Makes the copy that a server writes into, or takes the one that still waits for review. A copy rather than an
 * overlay: it needs no mount privilege, is the same on every tier, and its changes are found by comparing files.
 */
export function stageFolder({ from }: Mount, folder: string): Staged {
  const place = join(folder, createHash('sha256').update(from).digest('hex').slice(0, 16))
  const waiting = openStage(place)
  if (waiting === 'damaged' || waiting === 'strayed') {
    const wayOut = `look at what the server wrote in ${join(place, 'copy')}, then remove ${place}`
    return { ok: false, reason: `the list of the staged copy of ${from} cannot be read`, wayOut }
  }
  if (waiting !== undefined) {
    refreshStage(waiting)
    saveStage(waiting)
    return { ok: true, stage: waiting }
  }
  // Without its list the copy is one that was interrupted: it is made again.
  removeTree(place)
  mkdirSync(join(place, 'copy'), { recursive: true, mode: 0o700 })
  const base = new Map<string, Stamps>()
  const excess = copyTree(from, join(place, 'copy'), { base, inside: '', bytes: { left: most.bytes } })
  const copy = realPathOf(join(place, 'copy'))
  if (excess !== undefined || copy === undefined) {
    removeTree(place)
    const wayOut = 'name a smaller folder under files.write, or set files.staging: false'
    return { ok: false, reason: `${from} is too large to stage (${excess})`, wayOut }
  }
  const stage = { original: from, copy, base }
  saveStage(stage)
  return { ok: true, stage }
}

/** The stages that wait in a folder. */
export function stagesIn(folder: string): readonly Stage[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap(name => {
    const stage = openStage(join(folder, name))
    return stage === undefined || typeof stage === 'string' ? [] : [stage]
  })
}

/** Folders with a copy that waits, whose path is a link by now, or leads through one: what is applied would end elsewhere. */
export function strayedIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  const places = readdirSync(folder).map(name => join(folder, name))
  return places.flatMap(place => (openStage(place) === 'strayed' ? [listIn(place)?.original ?? place] : []))
}

function openStage(place: string): Stage | 'damaged' | 'strayed' | undefined {
  const copy = realPathOf(join(place, 'copy'))
  if (copy === undefined || !existsSync(join(place, 'base.json'))) return undefined
  const read = listIn(place)
  if (read === undefined) return 'damaged'
  const original = realPathOf(read.original)
  if (original === undefined) return undefined
  return original === read.original ? { original, copy, base: read.base } : 'strayed'
}

function listIn(place: string) {
  return listOf(jsonOf(readFileSync(join(place, 'base.json'), 'utf8')))
}

// By hand: this is on the way of every start, and a schema library takes longer to load than all else that is done here.
function listOf(read: unknown): { original: string; base: Map<string, Stamps> } | undefined {
  if (!isObject(read) || Object.keys(read).length !== 2) return undefined
  const { original, base: lines } = read
  if (typeof original !== 'string' || !Array.isArray(lines) || lines.length > most.entries) return undefined
  const base = new Map<string, Stamps>()
  for (const line of lines) {
    const [path, was, copied, more] = Array.isArray(line) ? line : []
    if (typeof path !== 'string' || typeof was !== 'string' || typeof copied !== 'string' || more !== undefined)
      return undefined
    base.set(path, { original: was, copy: copied })
  }
  return { original, base }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Writes the list beside the copy, where the server cannot reach it. */
export function saveStage({ original, copy, base }: Stage): void {
  const list = join(dirname(copy), 'base.json')
  const beside = `${list}.${process.pid}.tmp`
  const entries = [...base].map(([path, stamps]) => [path, stamps.original, stamps.copy])
  writeFileSync(beside, JSON.stringify({ original, base: entries }), { mode: 0o600 })
  renameSync(beside, list)
}

/** Throws away a copy with everything in it. */
export function dropStage({ copy }: Stage): void {
  removeTree(join(copy, '..'))
}

type Copying = { readonly base: Map<string, Stamps>; readonly inside: string; readonly bytes: { left: number } }

function copyTree(from: string, to: string, state: Copying): string | undefined {
  if (state.inside.split('/').length > most.depth) return `deeper than ${most.depth} folders`
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    const inside = state.inside === '' ? entry.name : `${state.inside}/${entry.name}`
    if (state.base.size >= most.entries) return `more than ${most.entries} files`
    // Read before the copy is made: who writes meanwhile has changed it since.
    const original = stampOf(source) ?? ''
    state.base.set(inside, { original, copy: '' })
    const excess = copyEntry({ source, target, inside }, state)
    if (excess !== undefined) return excess
    state.base.set(inside, { original, copy: stampOf(target) ?? '' })
  }
  return undefined
}

type Entry = { readonly source: string; readonly target: string; readonly inside: string }

function copyEntry({ source, target, inside }: Entry, state: Copying): string | undefined {
  const stats = lstatSync(source)
  if (stats.isDirectory()) {
    mkdirSync(target, { mode: 0o700 })
    return copyTree(source, target, { ...state, inside })
  }
  if (stats.isSymbolicLink()) symlinkSync(readlinkSync(source), target)
  else if (stats.isFile()) {
    state.bytes.left -= stats.size
    if (state.bytes.left < 0) return `more than ${most.bytes / 1024 / 1024} MiB`
    copyFileSync(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
  }
  // Sockets, pipes and devices are left out: they are no content.
  return undefined
}
