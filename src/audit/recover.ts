import { hash } from 'node:crypto'
import {
  appendFileSync,
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { holdLock } from '../store/lock.ts'
import { auditError } from './audit-error.ts'
import { decode, type Head, headOf, lineCharsMax } from './chain.ts'
import { chainsWith, type SegmentFile, segmentsIn } from './log-folder.ts'

/** A last line that a killed process left half written, and where its bytes were put. */
export type Torn = { readonly file: string; readonly bytes: number; readonly sha256: string; readonly kept: string }

export type Recovered = {
  /** Ends of chains that no later chain has named yet. */
  readonly heads: readonly Head[]
  readonly torn: readonly Torn[]
  /** Files of those heads, to be removed once a record names them on disk. */
  readonly headFiles: readonly string[]
}

/**
 * Finishes the chains of processes that ended without doing it themselves, and gathers the ends of finished chains. The
 * next chain's first record names them: from then on a chain that is cut or gone is missed.
 */
export function recover(folder: string, nowMs: number): Recovered {
  try {
    const torn = chainsWith(folder, '.lock')
      .slice(0, chainsMax)
      .flatMap(chain => finishIfDead(folder, chain, nowMs))
    return { heads: leftHeads(folder), torn, headFiles: headFiles(folder) }
  } catch (cause) {
    throw auditError(cause, `finishing the chains in ${folder} that were left open`)
  }
}

/** The ends that finished chains left for the next process to name. */
export function leftHeads(folder: string): Head[] {
  return headFiles(folder).flatMap(headIn)
}

/** Leaves the end of a chain for the next process to name. */
export function leaveHead(folder: string, head: Head): void {
  writeFileSync(join(folder, `${head.chain}.head`), JSON.stringify(head), { mode: 0o600 })
}

/** The end of the last whole line of a file, and that line; undefined for a file without one. */
export function lastLine(path: string): {
  readonly end: number
  readonly line: string | undefined
  readonly size: number
} {
  const fd = openSync(path, 'r')
  try {
    const { size } = fstatSync(fd)
    const end = newlineBefore(fd, size) + 1
    if (end === 0) return { end: 0, line: undefined, size }
    const start = newlineBefore(fd, end - 1) + 1
    const isTooLong = end - 1 - start > lineCharsMax * 4
    return { end, line: isTooLong ? undefined : readPart(fd, start, end - 1).toString('utf8'), size }
  } finally {
    closeSync(fd)
  }
}

// More than this many unfinished chains wait for the next start.
const chainsMax = 256
const startingMs = 60_000
const chunkBytes = 65_536

function finishIfDead(folder: string, chain: string, nowMs: number): Torn[] {
  const lockFile = join(folder, `${chain}.lock`)
  const lock = holdLock(lockFile)
  if (lock === undefined) return []
  try {
    const segments = segmentsIn(folder).filter(segment => segment.chain === chain)
    // A process between making its lock and its first file is starting, not dead.
    if (segments.length === 0 && nowMs - statSync(lockFile).mtimeMs < startingMs) return []
    const torn = setTornAside(segments.at(-1))
    const head = lastHead(segments)
    if (head !== undefined) leaveHead(folder, head)
    rmSync(lockFile, { force: true })
    return torn
  } finally {
    lock.release()
  }
}

function setTornAside(segment: SegmentFile | undefined): Torn[] {
  if (segment === undefined) return []
  const { end, size } = lastLine(segment.path)
  if (end === size) return []
  const fd = openSync(segment.path, 'r+')
  try {
    const rest = readPart(fd, end, size)
    const kept = `${segment.path}.torn`
    appendFileSync(kept, rest, { mode: 0o600, flush: true })
    ftruncateSync(fd, end)
    return [{ file: segment.name, bytes: rest.length, sha256: hash('sha256', rest, 'hex'), kept: basename(kept) }]
  } finally {
    closeSync(fd)
  }
}

function lastHead(segments: readonly SegmentFile[]): Head | undefined {
  for (const segment of segments.toReversed()) {
    const { line } = lastLine(segment.path)
    if (line === undefined) continue
    const decoded = decode(line)
    if (!('record' in decoded)) return undefined
    const { chain_uid, sequence, fingerprint } = decoded.record
    return { chain: chain_uid, sequence, fingerprint }
  }
  return undefined
}

function headFiles(folder: string): string[] {
  return chainsWith(folder, '.head')
    .slice(0, chainsMax)
    .map(chain => join(folder, `${chain}.head`))
}

function headIn(path: string): Head[] {
  return headOf(parsed(path))
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    // Half a head file: its process died while it ended. Its chain still verifies, it is only not named.
    return undefined
  }
}

function newlineBefore(fd: number, end: number): number {
  for (let to = end; to > 0; to -= chunkBytes) {
    const from = Math.max(0, to - chunkBytes)
    const at = readPart(fd, from, to).lastIndexOf(10)
    if (at >= 0) return from + at
  }
  return -1
}

function readPart(fd: number, from: number, to: number): Buffer {
  const buffer = Buffer.alloc(to - from)
  let done = 0
  while (done < buffer.length) {
    const read = readSync(fd, buffer, done, buffer.length - done, from + done)
    if (read === 0) break
    done += read
  }
  return buffer.subarray(0, done)
}
