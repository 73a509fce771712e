import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { isProtected } from './pins.ts'
import { type Stage, stampOf } from './staging.ts'

/** One file that the server wants otherwise. Its digest ties what was shown to what is applied. */
export type Change = {
  readonly path: string
  readonly kind: 'added' | 'changed' | 'deleted'
  readonly bytes: number
  readonly digest: string
  /** Somebody changed the original after the copy was made. */
  readonly hasConflict: boolean
  /** Other programs run or believe this file: applied only when named by itself. */
  readonly isProtected: boolean
  /** The lines that differ, `-` and `+`; undefined for what is not text or too long to show. */
  readonly diff: string | undefined
}

/** Something that is never applied: a planted link, a device, a file that grew beyond showing. */
export type Reject = { readonly path: string; readonly why: string }

export type Review = { readonly changes: readonly Change[]; readonly rejects: readonly Reject[] }

const most = { entries: 20_000, depth: 64, fileBytes: 64 * 1024 * 1024, diffBytes: 256 * 1024 } as const

/** Compares a copy with its original. Nothing is written, and no link is followed. */
export function reviewStage(stage: Stage): Review {
  const [changes, rejects]: [Change[], Reject[]] = [[], []]
  const seen = new Set<string>()
  const waiting = ['']
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of readdirSync(join(stage.copy, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (seen.size >= most.entries)
        return { changes, rejects: [...rejects, { path, why: 'too many files to review' }] }
      seen.add(path)
      if (entry.isDirectory() && path.split('/').length < most.depth) waiting.push(path)
      else if (entry.isFile()) compareFile(stage, path, { changes, rejects })
      else if (!isSameLink(stage, path))
        rejects.push({ path, why: entry.isSymbolicLink() ? 'is a link' : 'is not a file' })
    }
  }
  for (const [path, stamp] of stage.base)
    if (!seen.has(path) && stamp.startsWith('file') && stampOf(join(stage.original, path)) !== undefined)
      changes.push(deletionOf(stage, path))
  return { changes: changes.sort((a, b) => (a.path < b.path ? -1 : 1)), rejects }
}

type Found = { readonly changes: Change[]; readonly rejects: Reject[] }

function compareFile(stage: Stage, path: string, { changes, rejects }: Found): void {
  const now = readPlain(join(stage.copy, path))
  if (now === undefined) {
    rejects.push({ path, why: `is larger than ${most.fileBytes / 1024 / 1024} MiB or cannot be read` })
    return
  }
  const before = readPlain(join(stage.original, path))
  if (before?.equals(now)) return
  changes.push({
    ...{ path, kind: before === undefined ? 'added' : 'changed', bytes: now.length, digest: digestOf(now) },
    hasConflict: stampOf(join(stage.original, path)) !== stage.base.get(path),
    isProtected: isProtected(path),
    diff: diffOf(before, now),
  })
}

function deletionOf(stage: Stage, path: string): Change {
  const hasConflict = stampOf(join(stage.original, path)) !== stage.base.get(path)
  return {
    path,
    kind: 'deleted',
    bytes: 0,
    digest: digestOf(Buffer.alloc(0)),
    hasConflict,
    isProtected: isProtected(path),
    diff: undefined,
  }
}

function isSameLink(stage: Stage, path: string): boolean {
  try {
    return readlinkSync(join(stage.copy, path)) === readlinkSync(join(stage.original, path))
  } catch {
    return false
  }
}

export type Applied = { readonly ok: true } | { readonly ok: false; readonly why: string }

/**
 * Takes over one change as it was reviewed. The server may still run and swap files under our hands, so the content is
 * read once through a descriptor whose place is checked, and must have the digest that was shown.
 */
export function applyChange(stage: Stage, change: Change): Applied {
  const target = join(stage.original, change.path)
  if (change.path.split('/').some(part => part === '..' || part === '')) return { ok: false, why: 'leaves the folder' }
  const blocked = linkOnTheWay(stage.original, change.path)
  if (blocked !== undefined) return { ok: false, why: `${blocked} is not a folder of the original` }
  const expected = change.hasConflict ? stampOf(target) : stage.base.get(change.path)
  if (stampOf(target) !== expected) return { ok: false, why: 'the original changed since; review again' }
  if (change.kind === 'deleted') {
    rmSync(target)
    return { ok: true }
  }
  const content = readPlain(join(stage.copy, change.path))
  if (content === undefined || digestOf(content) !== change.digest)
    return { ok: false, why: 'it is not what was reviewed' }
  mkdirSync(dirname(target), { recursive: true })
  replaceFile(target, content)
  return { ok: true }
}

function linkOnTheWay(root: string, path: string): string | undefined {
  const parts = path.split('/').slice(0, -1)
  for (let i = 1; i <= parts.length; i++) {
    const here = join(root, ...parts.slice(0, i))
    const stats = lstatSync(here, { throwIfNoEntry: false })
    if (stats !== undefined && !stats.isDirectory()) return here
  }
  return undefined
}

/** Beside the target and then over it: a reader sees the old file or the new one, and a link is replaced, not followed. */
function replaceFile(target: string, content: Buffer): void {
  const beside = join(dirname(target), `.sallyport-${randomBytes(8).toString('hex')}`)
  const mode = lstatSync(target, { throwIfNoEntry: false })?.mode ?? 0o644
  try {
    writeFileSync(beside, content, { flag: 'wx', mode: mode & 0o777 })
    renameSync(beside, target)
  } catch (cause) {
    rmSync(beside, { force: true })
    throw cause
  }
}

/** The bytes of a regular file that is really where its path says; undefined for anything else. */
function readPlain(path: string): Buffer | undefined {
  let handle: number
  try {
    handle = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
  try {
    const stats = fstatSync(handle)
    if (!stats.isFile() || stats.size > most.fileBytes) return undefined
    // A folder on the way may have been swapped for a link meanwhile; the kernel knows where the descriptor leads.
    if (process.platform === 'linux' && readlinkSync(`/proc/self/fd/${handle}`) !== path) return undefined
    return readFileSync(handle)
  } finally {
    closeSync(handle)
  }
}

function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

/** The region between the first and the last line that differ, with three lines around it. */
function diffOf(before: Buffer | undefined, now: Buffer): string | undefined {
  const isText = [before, now].every(part => part === undefined || (part.length <= most.diffBytes && !part.includes(0)))
  if (!isText) return undefined
  const [old, young] = [linesOf(before), linesOf(now)]
  let start = 0
  while (start < old.length && start < young.length && old[start] === young[start]) start++
  let end = 0
  while (end < old.length - start && end < young.length - start && old.at(-1 - end) === young.at(-1 - end)) end++
  const around = (lines: readonly string[]) => lines.map(line => `  ${line}`)
  return [
    `@@ line ${start + 1}`,
    ...around(old.slice(Math.max(0, start - 3), start)),
    ...old.slice(start, old.length - end).map(line => `- ${line}`),
    ...young.slice(start, young.length - end).map(line => `+ ${line}`),
    ...around(young.slice(young.length - end, young.length - end + 3)),
  ].join('\n')
}

function linesOf(content: Buffer | undefined): string[] {
  return content === undefined || content.length === 0 ? [] : content.toString('utf8').split('\n')
}
