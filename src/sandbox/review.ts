import { createHash } from 'node:crypto'
import { type Dirent, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { isProtected } from './pins.ts'
import { digestOf, fileBytesMax, type Plain, readPlain } from './plain-file.ts'
import type { Stage } from './staging.ts'
import { stampOf } from './stamp.ts'

/** One file that the server wants otherwise. Its digest ties what was shown to what is applied. */
export type Change = {
  readonly path: string
  readonly kind: 'added' | 'changed' | 'deleted'
  readonly bytes: number
  readonly digest: string
  /** Whether it can be run, where that is news. */
  readonly runs: boolean | undefined
  /** What the original looked like when this was found; undefined where there was none. */
  readonly over: string | undefined
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

const most = { entries: 20_000, depth: 64, diffBytes: 256 * 1024 } as const

/** Compares a copy with its original. Nothing is written, and no link is followed. */
export function reviewStage(stage: Stage): Review {
  const [changes, rejects]: [Change[], Reject[]] = [[], []]
  const seen = new Set<string>()
  const waiting = ['']
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of entriesOf(join(stage.copy, folder))) {
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
  for (const [path, { copy }] of stage.base) {
    if (copy === 'folder' || stampOf(join(stage.original, path)) === undefined) continue
    const now = stampOf(join(stage.copy, path))
    if (now === undefined || now === 'folder') changes.push(changeOf(stage, path, { kind: 'deleted', now: undefined }))
  }
  return { changes: changes.sort((a, b) => (a.path < b.path ? -1 : 1)), rejects }
}

/** A folder that its server took away meanwhile has nothing in it. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

type Found = { readonly changes: Change[]; readonly rejects: Reject[] }

function compareFile(stage: Stage, path: string, { changes, rejects }: Found): void {
  // What the server left alone is not its change, whatever a person has made of the original since.
  if (stampOf(join(stage.copy, path)) === stage.base.get(path)?.copy) return
  const now = readPlain(join(stage.copy, path))
  if (now === undefined) {
    rejects.push({ path, why: `is larger than ${fileBytesMax / 1024 / 1024} MiB or cannot be read` })
    return
  }
  const before = readPlain(join(stage.original, path))
  if (before?.bytes.equals(now.bytes) && before.runs === now.runs) return
  const kind = stampOf(join(stage.original, path)) === undefined ? 'added' : 'changed'
  changes.push(changeOf(stage, path, { kind, now, before }))
}

type Sides = { readonly kind: Change['kind']; readonly now: Plain | undefined; readonly before?: Plain | undefined }

function changeOf(stage: Stage, path: string, { kind, now, before }: Sides): Change {
  const over = stampOf(join(stage.original, path))
  const isNews = now !== undefined && now.runs !== (before?.runs ?? false)
  return {
    ...{ path, kind, over, bytes: now?.bytes.length ?? 0, digest: digestOf(now?.bytes ?? Buffer.alloc(0)) },
    runs: isNews ? now.runs : undefined,
    hasConflict: over !== stage.base.get(path)?.original,
    isProtected: isProtected(path),
    diff: now === undefined || before?.bytes.equals(now.bytes) ? undefined : diffOf(before?.bytes, now.bytes),
  }
}

/** Names a change together with what it is and what it goes over: who applies it by this applies what was shown. */
export function changeId({ path, kind, digest, runs, over }: Change): string {
  const about = JSON.stringify([path, kind, digest, runs ?? null, over ?? null])
  return createHash('sha256').update(about).digest('hex').slice(0, 12)
}

function isSameLink(stage: Stage, path: string): boolean {
  try {
    return readlinkSync(join(stage.copy, path)) === readlinkSync(join(stage.original, path))
  } catch {
    return false
  }
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
