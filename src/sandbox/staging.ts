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
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import type { Mount } from './plan.ts'
import type { Refused } from './program.ts'
import { type RealPath, realPathOf } from './real-path.ts'

/** A writable folder of a server as a copy, and what the original looked like when the copy was made. */
export type Stage = {
  readonly original: RealPath
  /** What the server sees and writes at the original's path. */
  readonly copy: RealPath
  /** Size and time of each original file, by path inside the folder. */
  readonly base: ReadonlyMap<string, string>
}

export type Staged = { readonly ok: true; readonly stage: Stage } | Refused

const most = { entries: 20_000, bytes: 512 * 1024 * 1024, depth: 64 } as const

const baseSchema = z.strictObject({ original: z.string(), base: z.array(z.tuple([z.string(), z.string()])) })

/**
 * Makes the copy that a server writes into, or takes the one that still waits for review. A copy rather than an
 * overlay: it needs no mount privilege, is the same on every tier, and its changes are found by comparing files.
 */
export function stageFolder({ from }: Mount, folder: string): Staged {
  const place = join(folder, createHash('sha256').update(from).digest('hex').slice(0, 16))
  const waiting = openStage(place)
  if (waiting !== undefined) return { ok: true, stage: waiting }
  // Without its list the copy is one that was interrupted: it is made again.
  rmSync(place, { recursive: true, force: true })
  mkdirSync(join(place, 'copy'), { recursive: true, mode: 0o700 })
  const base = new Map<string, string>()
  const excess = copyTree(from, join(place, 'copy'), { base, inside: '', bytes: { left: most.bytes } })
  if (excess !== undefined) {
    rmSync(place, { recursive: true, force: true })
    const wayOut = 'name a smaller folder under files.write, or set files.staging: false'
    return { ok: false, reason: `${from} is too large to stage (${excess})`, wayOut }
  }
  writeFileSync(join(place, 'base.json'), JSON.stringify({ original: from, base: [...base] }), { mode: 0o600 })
  const stage = openStage(place)
  if (stage === undefined) throw new Error('staging: the copy that was just made is gone')
  return { ok: true, stage }
}

/** The stages that wait in a folder. */
export function stagesIn(folder: string): readonly Stage[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap(name => openStage(join(folder, name)) ?? [])
}

function openStage(place: string): Stage | undefined {
  const copy = realPathOf(join(place, 'copy'))
  const list = join(place, 'base.json')
  if (copy === undefined || !existsSync(list)) return undefined
  const { original, base } = baseSchema.parse(JSON.parse(readFileSync(list, 'utf8')))
  const real = realPathOf(original)
  return real === undefined ? undefined : { original: real, copy, base: new Map(base) }
}

/** Throws away a copy with everything in it. */
export function dropStage({ copy }: Stage): void {
  rmSync(join(copy, '..'), { recursive: true, force: true })
}

type Copying = { readonly base: Map<string, string>; readonly inside: string; readonly bytes: { left: number } }

function copyTree(from: string, to: string, state: Copying): string | undefined {
  if (state.inside.split('/').length > most.depth) return `deeper than ${most.depth} folders`
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    const inside = state.inside === '' ? entry.name : `${state.inside}/${entry.name}`
    if (state.base.size >= most.entries) return `more than ${most.entries} files`
    state.base.set(inside, stampOf(source) ?? '')
    const excess = copyEntry({ source, target, inside }, state)
    if (excess !== undefined) return excess
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

/** Changes whenever somebody changes the file; undefined where there is none. */
export function stampOf(path: string): string | undefined {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  if (stats === undefined) return undefined
  const kind = stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'file'
  return kind === 'folder' ? kind : `${kind} ${stats.size} ${stats.mtimeNs} ${stats.ino}`
}
