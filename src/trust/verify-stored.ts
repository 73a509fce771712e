import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomic } from './atomic-file.ts'
import { hashFile, hashText, readTree } from './file-tree.ts'
import type { StoredPackage } from './lock-file.ts'
import { isUntouched, marksByPath, readMarks, rememberMarks } from './tree-marks.ts'

export type Verified =
  | { readonly ok: true; readonly hashed: number }
  /** The file that is not what was stored, in the words of the refusal. */
  | { readonly ok: false; readonly file: string; readonly why: string }

type FileList = ReadonlyMap<string, string>

/** Records every file of a tree with its hash; the answer is what the lock keeps of it. */
export function recordFiles(root: string, folder: string): StoredPackage['files'] | { readonly problem: string } {
  const tree = readTree(join(root, folder))
  if (!tree.ok) return { problem: tree.reason }
  const list = Object.fromEntries(tree.files.map(file => [file.path, hashFile(join(root, folder), file)]))
  const text = JSON.stringify(list)
  writeAtomic(listPath(root, folder), text)
  return { digest: hashText(text), count: tree.files.length, bytes: tree.bytes }
}

/**
 * Compares a stored package with the lock, before each start: no file more, none less, none with another byte. Files whose
 * marks are those of the last full comparison are not read again.
 */
export function verifyStored(root: string, stored: StoredPackage, nowMs = Date.now()): Verified {
  const marks = readMarks(root, stored)
  if (isUntouched(join(root, stored.folder), marks)) return { ok: true, hashed: 0 }
  const list = listOf(root, stored)
  if (list === undefined) return changed(`${stored.folder}.files.json`, 'is not the list that the lock names')
  const folder = join(root, stored.folder)
  const tree = treeOf(folder)
  if (!tree.ok) return changed(stored.folder, tree.reason)
  const seen = marksByPath(marks)
  let hashed = 0
  for (const file of tree.files) {
    const expected = list.get(file.path)
    if (expected === undefined) return changed(file.path, 'was added after it was stored')
    if (seen.get(file.path) === file.marks) continue
    hashed++
    if (hashFile(folder, file) !== expected) return changed(file.path, 'was changed after it was stored')
  }
  if (tree.files.length !== list.size) {
    const present = new Set(tree.files.map(({ path }) => path))
    return changed([...list.keys()].find(path => !present.has(path)) ?? stored.folder, 'is missing')
  }
  if (hashed > 0 || !marks.isWhole) rememberMarks(root, stored, { tree, nowMs })
  return { ok: true, hashed }
}

export function listPath(root: string, folder: string): string {
  return join(root, `${folder}.files.json`)
}

function changed(file: string, why: string): Verified {
  return { ok: false, file, why }
}

function treeOf(folder: string) {
  try {
    return readTree(folder)
  } catch (cause) {
    return { ok: false as const, reason: cause instanceof Error ? cause.message : String(cause) }
  }
}

const listBytesMax = 64 * 1024 * 1024

function listOf(root: string, { folder, files }: StoredPackage): FileList | undefined {
  const text = textOf(listPath(root, folder))
  return text !== undefined && hashText(text) === files.digest ? mapOf(text) : undefined
}

function textOf(path: string): string | undefined {
  try {
    return statSync(path).size > listBytesMax ? undefined : readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function mapOf(text: string): Map<string, string> {
  try {
    const value: unknown = JSON.parse(text)
    if (value === null || typeof value !== 'object') return new Map()
    return new Map(Object.entries(value).flatMap(([key, item]) => (typeof item === 'string' ? [[key, item]] : [])))
  } catch {
    return new Map()
  }
}
