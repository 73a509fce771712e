import { type Dir, type Dirent, lstatSync, opendirSync, type Stats } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** What came into folders, and whether all of them could be looked at. */
export type Added = { readonly files: number; readonly bytes: number; readonly isWhole: boolean }

export type Looking = {
  /** Only what was made, or changed, since then counts. */
  readonly sinceMs: number
  /** More than this need not be counted. */
  readonly files: number
  readonly bytes: number
  /** Entries that are looked at before the answer is: not whole. */
  readonly entriesMax?: number
}

const entriesMost = 1_000_000
// A look at a million files must not be felt by the servers that behave: a fifth of the time at most.
const slice = { workMs: 4, restMs: 16 } as const
/** A file system keeps its times by a clock of its own, a tick behind. */
const slackMs = 1000

/**
 * Counts files made since a time, and bytes of files made or changed since. The time at which a file was made, and that of the
 * last change of its inode, cannot be set back by who owns it. What is hidden from the count makes it not whole.
 */
export async function addedIn(folders: readonly string[], looking: Looking): Promise<Added> {
  const count: Count = { files: 0, bytes: 0, looked: 0, isWhole: true, waiting: [...folders] }
  const most = looking.entriesMax ?? entriesMost
  let began = performance.now()
  for (let next = count.waiting.pop(); next !== undefined; next = count.waiting.pop()) {
    const folder = opened(next, count, looking)
    if (folder === undefined) continue
    try {
      for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
        look(`${next}/${entry.name}`, entry, { count, looking })
        if (count.looked > most) return resultOf({ ...count, isWhole: false })
        if (count.files > looking.files || count.bytes > looking.bytes) return resultOf(count)
        if (performance.now() - began < slice.workMs) continue
        await pause(slice.restMs, undefined, { ref: false })
        began = performance.now()
      }
    } catch {
      // It was taken away while it was read.
    } finally {
      folder.closeSync()
    }
  }
  return resultOf(count)
}

function resultOf({ files, bytes, isWhole }: Count): Added {
  return { files, bytes, isWhole }
}

type Count = { files: number; bytes: number; looked: number; isWhole: boolean; readonly waiting: string[] }

function look(path: string, entry: Dirent, { count, looking }: { count: Count; looking: Looking }): void {
  count.looked++
  const stats = statOf(path, count)
  if (stats === undefined) return
  const since = looking.sinceMs - slackMs
  // Where a file system does not keep when a file was made, the time of its last change stands in.
  if ((stats.birthtimeMs > 0 ? stats.birthtimeMs : stats.ctimeMs) >= since) count.files++
  if (stats.ctimeMs >= since) count.bytes += stats.blocks * 512
  if (entry.isDirectory() && stats.isDirectory()) count.waiting.push(path)
}

function statOf(path: string, count: Count): Stats | undefined {
  try {
    return lstatSync(path)
  } catch (error) {
    // Folders can be put into each other beyond what any path can name.
    if (codeOf(error) !== 'ENOENT') count.isWhole = false
    return undefined
  }
}

function opened(path: string, count: Count, { sinceMs }: Looking): Dir | undefined {
  try {
    return opendirSync(path)
  } catch (error) {
    // One that was closed to us before is somebody else's business; one that was closed since then hides something.
    const isClosed = codeOf(error) === 'EACCES' && (statOf(path, count)?.ctimeMs ?? 0) < sinceMs - slackMs
    if (!isClosed && codeOf(error) !== 'ENOENT') count.isWhole = false
    return undefined
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
