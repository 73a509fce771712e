import { readFileSync, type StatsFs, statfsSync, statSync } from 'node:fs'
import { stat, statfs } from 'node:fs/promises'
import type { Launch } from '../core/launch.ts'
import { type Added, addedIn } from './disk-added.ts'
import { heldOpen } from './held-open.ts'
import { killTree, treeOf } from './watchdog.ts'

export type DiskLimits = {
  /** On the machine: where the writable folders, or their staged copies, lie. */
  readonly folders: readonly string[]
  readonly diskMiB: number
  readonly diskFiles: number
  readonly fileMiB: number
  readonly everyMs?: number
}

type Amount = { readonly files: number; readonly bytes: number }
type Disk = { readonly held: Amount; readonly free: Amount }

/** Since when a set of folders is watched, what their disks hold beyond what they held then, and what was free. */
type Mark = { readonly sinceMs: number; readonly free: Amount; readonly base: Map<number, Amount>; last: Look }
/** When the folders were looked into, how long that took, and what the server had worked by then. */
type Look = { readonly atMs: number; readonly tookMs: number; readonly ticks: number }

const mebi = 1024 * 1024
/** A disk that fills is asked more often: at 2 GB a second, half a second is a gigabyte. */
const pauseMs = { resting: 500, filling: 50 } as const
const fillingPerSecond: Amount = { files: 512, bytes: 16 * mebi }
const markMs = 24 * 3_600_000
const marksMax = 256
/** Times that a look took before the next one: when the disk filled, and when it seems not to have, but the server worked. */
const restTimes = { filled: 20, worked: 100 } as const
const restMs = 5000
const workTicks = 5

// Kept over the starts of a server: one that ends and is started again would begin anew each time.
const marks = new Map<string, Mark>()

/**
 * Watches that a server does not fill the disk of the folders it may write. Asking the disk costs next to nothing; the folders
 * are looked into only when it holds more than the server may add, since others write on the same disk.
 */
export function watchDisk(limits: DiskLimits): NonNullable<Launch['watch']> {
  // Before the server starts: one that fills its folders at once would be measured against a disk that it has filled.
  begin(limits.folders)
  return (pid, stop) => {
    let timer: NodeJS.Timeout | undefined
    let isOver = false
    let before = { files: 0, bytes: 0, atMs: performance.now() }
    const look = async () => {
      const { excess, grown } = await seenOf(limits, pid).catch(() => ({ excess: undefined, grown: before }))
      if (isOver) return
      if (excess === undefined) {
        const now = { ...grown, atMs: performance.now() }
        const usualMs = limits.everyMs ?? pauseMs.resting
        timer = setTimeout(look, isFilling(before, now) ? Math.min(pauseMs.filling, usualMs) : usualMs).unref()
        before = now
      } else {
        killTree(treeOf(pid))
        stop(excess)
      }
    }
    void look()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }
}

type Moment = Amount & { readonly atMs: number }

function isFilling(before: Moment, now: Moment): boolean {
  const seconds = (now.atMs - before.atMs) / 1000
  const most = { files: fillingPerSecond.files * seconds, bytes: fillingPerSecond.bytes * seconds }
  return now.files - before.files > most.files || now.bytes - before.bytes > most.bytes
}

type Seen = { readonly excess: string | undefined; readonly grown: Amount }

/** What the disks hold beyond their base by now, and why that ends the server, if it does. */
async function seenOf(limits: DiskLimits, pid: number): Promise<Seen> {
  const disks = await disksOf(limits.folders)
  const mark = markOf(limits.folders, disks)
  const most = mostOf(limits, mark)
  const grown = growth(mark, disks)
  const isFull = grown.files > most.files || grown.bytes > most.bytes
  const tree = treeOf(pid)
  const began = { atMs: Date.now(), ticks: ticksOf(tree.processes) }
  if (!isDue(mark.last, began, isFull)) return { excess: undefined, grown }
  const added = await addedBy(tree.processes, limits, { ...most, sinceMs: mark.sinceMs })
  if (added.files > most.files || added.bytes > most.bytes || (isFull && !added.isWhole))
    return { excess: inWords(added, most, limits), grown }
  settle(mark, disks, added)
  mark.last = { ...began, tookMs: Date.now() - began.atMs }
  return { excess: undefined, grown: { files: 0, bytes: 0 } }
}

/**
 * A disk that fills is looked at soon. One that does not may fill all the same, while others take away as much: then a server
 * that worked is looked at now and then, and one that rests is not.
 */
function isDue(last: Look, now: Omit<Look, 'tookMs'>, isFull: boolean): boolean {
  const restedMs = now.atMs - last.atMs
  if (isFull) return restedMs >= last.tookMs * restTimes.filled
  return restedMs >= Math.max(restMs, last.tookMs * restTimes.worked) && Math.abs(now.ticks - last.ticks) >= workTicks
}

/** What lies in the folders, and what was unlinked there and is kept by being open. */
async function addedBy(
  processes: readonly number[],
  limits: DiskLimits,
  most: Amount & { readonly sinceMs: number },
): Promise<Added> {
  const added = await addedIn(limits.folders, most)
  const devices = new Set((await Promise.all(limits.folders.map(folder => stat(folder)))).map(({ dev }) => dev))
  const open = heldOpen(processes, devices, limits.fileMiB * mebi)
  const isWhole = added.isWhole && open.isWhole
  return { files: added.files + open.files, bytes: added.bytes + open.bytes, isWhole }
}

function begin(folders: readonly string[]): void {
  try {
    markOf(folders, new Map(folders.map(folder => [statSync(folder).dev, diskOf(statfsSync(folder))])))
  } catch {
    // A folder that cannot be asked now is asked at the first look.
  }
}

async function disksOf(folders: readonly string[]): Promise<Map<number, Disk>> {
  const disks = new Map<number, Disk>()
  for (const folder of folders) {
    const { dev } = await stat(folder)
    if (disks.has(dev)) continue
    disks.set(dev, diskOf(await statfs(folder)))
  }
  return disks
}

function diskOf({ files, ffree, blocks, bfree, bavail, bsize }: StatsFs): Disk {
  // Some file systems make places for files as they are needed, and count none.
  const counts = files > 0 ? { held: files - ffree, free: ffree } : { held: Number.NaN, free: Number.POSITIVE_INFINITY }
  return {
    held: { files: counts.held, bytes: (blocks - bfree) * bsize },
    free: { files: counts.free, bytes: bavail * bsize },
  }
}

function markOf(folders: readonly string[], disks: ReadonlyMap<number, Disk>): Mark {
  const key = folders.toSorted().join('\0')
  const known = marks.get(key)
  if (known !== undefined && Date.now() - known.sinceMs < markMs) return known
  const all = [...disks.values()].map(({ free }) => free)
  const free = { files: Math.min(...all.map(({ files }) => files)), bytes: Math.min(...all.map(({ bytes }) => bytes)) }
  const base = new Map([...disks].map(([device, { held }]) => [device, held]))
  const mark: Mark = { sinceMs: Date.now(), free, base, last: { atMs: Date.now(), tookMs: 0, ticks: 0 } }
  marks.delete(key)
  for (const oldest of marks.keys()) if (marks.size >= marksMax) marks.delete(oldest)
  marks.set(key, mark)
  return mark
}

/** What processes, and those of theirs that ended, have worked. */
function ticksOf(processes: readonly number[]): number {
  let ticks = 0
  for (const pid of processes) {
    const fields = statusOf(pid).split(' ')
    for (let i = 11; i < 15; i++) ticks += Number(fields[i] ?? 0)
  }
  return ticks
}

/** From the third field on: the second is a name, and may hold anything. */
function statusOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2)
  } catch {
    return ''
  }
}

/** Never more than half of what was free: a small disk is full long before a usual limit is reached. */
function mostOf({ diskFiles, diskMiB }: DiskLimits, { free }: Mark): Amount {
  return { files: Math.min(free.files / 2, diskFiles), bytes: Math.min(free.bytes / 2, diskMiB * mebi) }
}

/** What the disks hold beyond their base, which sinks when something is taken away: what then comes is new. */
function growth({ base }: Mark, disks: ReadonlyMap<number, Disk>): Amount {
  let [files, bytes] = [0, 0]
  for (const [device, { held }] of disks) {
    const before = base.get(device) ?? held
    const lowest = { files: Math.min(before.files, held.files), bytes: Math.min(before.bytes, held.bytes) }
    base.set(device, lowest)
    files += held.files - lowest.files
    bytes += held.bytes - lowest.bytes
  }
  return { files, bytes }
}

/** The rest was somebody else's: from now on, what this server added is all that counts. */
function settle({ base }: Mark, disks: ReadonlyMap<number, Disk>, added: Added): void {
  let { files, bytes } = added
  for (const [device, { held }] of disks) {
    base.set(device, { files: held.files - files, bytes: held.bytes - bytes })
    ;[files, bytes] = [0, 0]
  }
}

function inWords(added: Added, most: Amount, limits: DiskLimits): string {
  const half = (limit: number, allowed: number) => (allowed < limit ? ', half of what was free' : '')
  if (added.bytes > most.bytes) {
    const [used, allowed] = [Math.ceil(added.bytes / mebi), Math.floor(most.bytes / mebi)]
    return `disk: ${used} MiB added in its folders, ${allowed} allowed${half(limits.diskMiB, allowed)} (limits.diskMiB)`
  }
  const allowed = Math.floor(most.files)
  if (added.files > most.files)
    return `files: ${added.files} added in its folders, ${allowed} allowed${half(limits.diskFiles, allowed)} (limits.diskFiles)`
  return 'disk: more came than its limits allow while its folders could not be looked into (limits.diskMiB, limits.diskFiles)'
}
