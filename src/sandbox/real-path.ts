import { existsSync, lstatSync, realpathSync, type Stats } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Brand } from '../core/brand.ts'
import { type Access, dangerOfPath } from './danger.ts'

/** A path without a symlink in it, of a thing that exists, as of the moment it was made. */
export type RealPath = Brand<string, 'RealPath'>

export type Resolution =
  | { readonly ok: true; readonly path: RealPath; readonly isFolder: boolean }
  | { readonly ok: false; readonly why: string; readonly instead: string }

/**
 * Follows every link of a declared path and judges where it ends, since what counts is what would be bound, not what
 * was written: `./docs` that is a link to `~/.ssh` is `~/.ssh`.
 */
export function resolveDeclared(path: string, access: Access, home: string): Resolution {
  const real = realOf(path)
  if (real === undefined) return { ok: false, why: 'does not exist', instead: 'an existing path, or make it first' }
  const danger = dangerOfPath(real, access, realOf(home) ?? home)
  if (danger) {
    const led = real === path ? '' : `leads to ${JSON.stringify(real)}, which `
    return { ok: false, why: `${led}${danger.why}`, instead: danger.instead }
  }
  if (holdsState(real))
    return {
      ok: false,
      why: 'holds what sallyport remembers as approved, and the code that it starts',
      instead: 'a folder of the server alone',
    }
  const stats = statsOf(real)
  if (stats === undefined || stats.isSymbolicLink())
    return { ok: false, why: 'changed while it was looked at', instead: 'a folder that no one else writes into' }
  if (!stats.isFile() && !stats.isDirectory())
    return { ok: false, why: `is a ${kindOf(stats)}, not a file or folder`, instead: 'the files themselves' }
  return { ok: true, path: real as RealPath, isFolder: stats.isDirectory() }
}

const stateMarks = ['packages/sallyport.lock', 'pins/pins.lock']

/**
 * Whether a folder is a state folder, lies in one, or holds one under its usual name: a server that writes there approves
 * itself, and one that reads there has the token. Told by what is in it, since its place is the user's choice. What a
 * server keeps there for itself is its own.
 */
function holdsState(path: string): boolean {
  const isState = (folder: string) => stateMarks.some(mark => existsSync(join(folder, mark)))
  for (let here = path; ; here = dirname(here)) {
    if (isState(here)) return !/^\/servers\/[^/]/u.test(path.slice(here.length))
    if (here === dirname(here)) return isState(join(path, 'sallyport'))
  }
}

/** The real path of something of ours (an interpreter, a package), or undefined where there is nothing. */
export function realPathOf(path: string): RealPath | undefined {
  const real = realOf(path)
  return real === undefined ? undefined : (real as RealPath)
}

/** The folder that holds a real path; a parent of a path without links has none either. */
export function folderOf(path: RealPath): RealPath {
  return dirname(path) as RealPath
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync.native(path)
  } catch {
    return undefined
  }
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path)
  } catch {
    return undefined
  }
}

function kindOf(stats: Stats): string {
  if (stats.isSocket()) return 'socket'
  if (stats.isFIFO()) return 'pipe'
  return 'device'
}
