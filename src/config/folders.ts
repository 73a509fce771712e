import { type FSWatcher, realpathSync, statSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'

export type FolderWatch = {
  /** Watches what there is by now: folders that came, and those that were made anew. */
  follow(): void
  close(): void
}

/**
 * Watches the folders in which files lie or would lie; where a folder is not there, the nearest one above it. Folders and
 * not files: an editor that saves by renaming leaves a watched file behind.
 */
export function watchFolders(files: readonly string[], changed: () => void): FolderWatch {
  let open = new Map<string, FSWatcher>()
  const follow = (): void => {
    const wanted = new Map(files.flatMap(placesOf).map(place => [keyOf(place), place]))
    const next = new Map<string, FSWatcher>()
    for (const [key, place] of wanted) {
      const watcher = open.get(key) ?? watcherOf(place, changed)
      if (watcher !== undefined) next.set(key, watcher)
    }
    for (const [key, watcher] of open) if (!next.has(key)) watcher.close()
    const isMore = open.size > 0 && [...next.keys()].some(key => !open.has(key))
    open = next
    // What is watched from now on may have changed since it was looked at.
    if (isMore) changed()
  }
  const close = (): void => {
    for (const watcher of open.values()) watcher.close()
    open = new Map()
  }
  follow()
  return { follow, close }
}

/** A folder that is there, which one it is, and the entry in it that matters; undefined where all of them do. */
type Place = { readonly folder: string; readonly inode: number; readonly entry: string | undefined }

function placesOf(file: string): Place[] {
  return [...new Set([file, realOf(file)])].flatMap(path => nearest(dirname(path)) ?? [])
}

function nearest(folder: string, entry?: string): Place | undefined {
  const inode = inodeOf(folder)
  if (inode !== undefined) return { folder, inode, entry }
  const above = dirname(folder)
  return above === folder ? undefined : nearest(above, basename(folder))
}

function inodeOf(folder: string): number | undefined {
  try {
    const found = statSync(folder)
    return found.isDirectory() ? found.ino : undefined
  } catch {
    return undefined
  }
}

function keyOf({ folder, inode, entry = '' }: Place): string {
  return `${inode} ${entry} ${folder}`
}

function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function watcherOf({ folder, entry }: Place, changed: () => void): FSWatcher | undefined {
  try {
    // The end of a folder is told under its own name.
    const relevant = new Set([entry, basename(folder)])
    const watcher = watch(folder, { persistent: false }, (_, name) => {
      if (entry === undefined || name === null || relevant.has(name)) changed()
    })
    // A folder that goes away is a change; what it did to the file is found when looking.
    watcher.on('error', changed)
    return watcher
  } catch {
    return undefined
  }
}
