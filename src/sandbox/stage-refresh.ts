import {
  closeSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import type { RealPath } from './real-path.ts'
import { stampOf } from './stamp.ts'

type Stamps = { readonly original: string; readonly copy: string }
type Stage = { readonly original: RealPath; readonly copy: RealPath; readonly base: Map<string, Stamps> }

const most = { entries: 20_000, bytes: 512 * 1024 * 1024, depth: 64 } as const

/**
 * Brings into a copy what people changed in the original since, wherever the server has not touched it; what both
 * changed stays a conflict for the review. The server may be running in another session and put a link where a folder
 * was, so every write goes through a descriptor of the folder whose place was checked.
 */
export function refreshStage(stage: Stage): void {
  // Only here does the kernel say where a descriptor leads.
  if (process.platform !== 'linux') return
  const left = { entries: most.entries, bytes: most.bytes }
  bringOver(stage, '', left)
  for (const [path, stamps] of [...stage.base].reverse()) dropGone(stage, path, stamps)
}

type Left = { entries: number; bytes: number }

function bringOver(stage: Stage, folder: string, left: Left): void {
  if (folder.split('/').length > most.depth) return
  inCopy(stage, folder, at => {
    for (const entry of readdirSync(join(stage.original, folder), { withFileTypes: true })) {
      if (left.entries-- <= 0) return
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      const [source, target] = [join(stage.original, path), `${at}/${entry.name}`]
      if (entry.isDirectory()) {
        if (stampOf(target) === undefined && !stage.base.has(path)) {
          mkdirSync(target, { mode: 0o700 })
          stage.base.set(path, { original: 'folder', copy: 'folder' })
        }
        bringOver(stage, path, left)
      } else bringFile(stage, { path, source, target }, left)
    }
  })
}

type File = { readonly path: string; readonly source: string; readonly target: string }

function bringFile({ base }: Stage, { path, source, target }: File, left: Left): void {
  const [known, original, copy] = [base.get(path), stampOf(source), stampOf(target)]
  const isTouched = known === undefined ? copy !== undefined : copy !== known.copy
  if (original === undefined || original === known?.original || isTouched) return
  if (known === undefined && base.size >= most.entries) return
  const stats = lstatSync(source)
  left.bytes -= stats.isFile() ? stats.size : 0
  if (left.bytes < 0 || !(stats.isFile() || stats.isSymbolicLink())) return
  if (copy !== undefined) unlinkSync(target)
  if (stats.isFile()) copyFileSync(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
  else symlinkSync(readlinkSync(source), target)
  base.set(path, { original, copy: stampOf(target) ?? '' })
}

/** What a person removed, the server does not get to see again; unless it has made something of it. */
function dropGone(stage: Stage, path: string, { copy }: Stamps): void {
  if (stampOf(join(stage.original, path)) !== undefined) return
  const folder = path.split('/').slice(0, -1).join('/')
  inCopy(stage, folder, at => {
    const target = `${at}/${path.split('/').at(-1)}`
    if (stampOf(target) === copy && !removed(target, copy === 'folder')) return
    if (stampOf(target) === undefined) stage.base.delete(path)
  })
}

function removed(target: string, isFolder: boolean): boolean {
  try {
    if (isFolder) rmdirSync(target)
    else unlinkSync(target)
    return true
  } catch {
    // A folder in which the server keeps something of its own stays.
    return false
  }
}

/** A path to a folder of the copy that cannot be led elsewhere while it is used; nothing happens where it is no folder. */
function inCopy({ copy }: Stage, folder: string, use: (at: string) => void): void {
  const path = folder === '' ? copy : join(copy, folder)
  let handle: number
  try {
    handle = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW)
  } catch {
    return
  }
  try {
    const at = `/proc/self/fd/${handle}`
    if (readlinkSync(at) === path) use(at)
  } finally {
    closeSync(handle)
  }
}
