import { lstatSync, readFileSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomic } from './atomic-file.ts'
import type { Tree, TreeFile } from './file-tree.ts'
import type { StoredPackage } from './lock-file.ts'

/** What a stored tree looked like when all of it was compared last: marks by path, folders with a slash at the end. */
export type TreeMarks = {
  /** Whether every file and folder is here; what was too young to be believed is left out. */
  readonly isWhole: boolean
  readonly paths: readonly string[]
  /** `marksEach` numbers a path: comparing numbers costs half of what comparing their spellings does. */
  readonly marks: Float64Array
}

const marksEach = 6

const marksBytesMax = 64 * 1024 * 1024
const nothing: TreeMarks = { isWhole: false, paths: [], marks: new Float64Array() }

/**
 * Marks of the tree that the lock names now; of another tree there are none. The file is a line of JSON, the numbers as
 * they lie in memory, and the paths with a zero byte between them, which no path holds: it is read before each start.
 */
export function readMarks(root: string, stored: StoredPackage): TreeMarks {
  try {
    const path = marksPath(root, stored)
    if (statSync(path).size > marksBytesMax) return nothing
    const bytes = readFileSync(path)
    const end = bytes.indexOf('\n')
    const head: unknown = JSON.parse(bytes.toString('latin1', 0, end))
    if (!isHead(head) || head.of !== stored.files.digest) return nothing
    const pathsAt = end + 1 + head.count * marksEach * Float64Array.BYTES_PER_ELEMENT
    const paths = bytes.toString('utf8', pathsAt).split('\0')
    if (pathsAt > bytes.length || paths.length !== head.count) return nothing
    // A copy of its own, since the numbers must lie where eight divides the address.
    const marks = new Float64Array(new Uint8Array(bytes.subarray(end + 1, pathsAt)).buffer)
    return { isWhole: head.isWhole, paths, marks }
  } catch {
    return nothing
  }
}

/**
 * Whether nothing of a tree was touched since. A file that was written, or a folder that gained or lost something, has other
 * marks; so that one look at each known file and folder does, and no folder has to be read.
 */
export function isUntouched(folder: string, { isWhole, paths, marks }: TreeMarks): boolean {
  if (!isWhole || paths.length === 0) return false
  for (let i = 0; i < paths.length; i++) {
    const path = paths[i] ?? ''
    const stats = lstatSync(path === '/' ? folder : `${folder}/${path}`, { throwIfNoEntry: false })
    // The kind of a file is part of its mode, so that a link in the place of a folder is another mark.
    if (stats === undefined || !isMarked(stats, marks, i * marksEach)) return false
  }
  return true
}

function isMarked({ size, mtimeMs, ctimeMs, ino, dev, mode }: Stats, marks: Float64Array, at: number): boolean {
  return (
    marks[at] === size &&
    marks[at + 1] === mtimeMs &&
    marks[at + 2] === ctimeMs &&
    marks[at + 3] === ino &&
    marks[at + 4] === dev &&
    marks[at + 5] === mode
  )
}

/** The same by path, in the spelling of a tree that was read. */
export function marksByPath({ paths, marks }: TreeMarks): ReadonlyMap<string, string> {
  return new Map(paths.map((path, i) => [path, marks.subarray(i * marksEach, (i + 1) * marksEach).join(' ')]))
}

/** Marks younger than this when they are noted may stand for two contents: a clock tick is not a fingerprint. */
const tickMs = 2000

/** Notes how a tree looks that was just compared. Nothing waits for it: without it the next comparison reads more. */
export function rememberMarks(
  root: string,
  stored: StoredPackage,
  { tree, nowMs }: { tree: Tree; nowMs: number },
): void {
  if (!tree.ok) return
  const all: TreeFile[] = [...tree.files, ...tree.folders.map(folder => ({ ...folder, path: `${folder.path}/` }))]
  const settled = all.filter(({ changedMs }) => nowMs - changedMs > tickMs)
  const marks = Float64Array.from(settled.flatMap(each => each.marks.split(' ').map(Number)))
  const head: Head = { of: stored.files.digest, isWhole: settled.length === all.length, count: settled.length }
  const paths = settled.map(({ path }) => path).join('\0')
  const parts = [Buffer.from(`${JSON.stringify(head)}\n`), Buffer.from(marks.buffer), Buffer.from(paths)]
  writeAtomic(marksPath(root, stored), Buffer.concat(parts))
}

type Head = { readonly of: string; readonly isWhole: boolean; readonly count: number }

function isHead(value: unknown): value is Head {
  return (
    value !== null &&
    typeof value === 'object' &&
    'of' in value &&
    'isWhole' in value &&
    typeof value.isWhole === 'boolean' &&
    'count' in value &&
    Number.isSafeInteger(value.count) &&
    Number(value.count) >= 0
  )
}

function marksPath(root: string, { folder }: StoredPackage): string {
  return join(root, `${folder}.marks`)
}
