import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, type Stats } from 'node:fs'
import { join } from 'node:path'

/** What one file or folder of a tree is: where, how large, and the marks that a change of it leaves. */
export type TreeFile = {
  readonly path: string
  readonly size: number
  /** Size, both times, inode, device and mode in one text: a writer can set mtime back, and cannot set ctime. */
  readonly marks: string
  readonly changedMs: number
}

export type Tree =
  | {
      readonly ok: true
      readonly files: readonly TreeFile[]
      /** The folders, the root itself (an empty path) among them: what is added or taken out leaves a mark on its folder. */
      readonly folders: readonly TreeFile[]
      readonly bytes: number
    }
  | { readonly ok: false; readonly reason: string }

export type TreeLimits = { readonly files: number; readonly bytes: number; readonly depth: number }

/** More than any server has; a package that unpacks to more is meant to fill the disk. */
export const treeLimits: TreeLimits = { files: 50_000, bytes: 1024 * 1024 * 1024, depth: 40 }

/** Lists every file of a tree. A link, a socket or a device in it is a reason to refuse: it leads to what was not hashed. */
export function readTree(root: string, limits: TreeLimits = treeLimits): Tree {
  const files: TreeFile[] = []
  const folders: TreeFile[] = []
  const waiting: { path: string; depth: number }[] = [{ path: '', depth: 0 }]
  let bytes = 0
  for (let here = waiting.pop(); here !== undefined; here = waiting.pop()) {
    const folder = lstatSync(join(root, here.path))
    if (!folder.isDirectory()) return { ok: false, reason: `${here.path} changed while it was looked at` }
    folders.push(fileOf(here.path, folder))
    if (here.depth > limits.depth) return { ok: false, reason: `${here.path} lies deeper than ${limits.depth} folders` }
    for (const entry of readdirSync(join(root, here.path), { withFileTypes: true })) {
      const path = here.path === '' ? entry.name : `${here.path}/${entry.name}`
      if (entry.isDirectory()) waiting.push({ path, depth: here.depth + 1 })
      else if (!entry.isFile()) return { ok: false, reason: `${path} is a link or a device, not a file` }
      else {
        const stats = lstatSync(`${root}/${path}`)
        if (!stats.isFile()) return { ok: false, reason: `${path} changed while it was looked at` }
        // Whoever starts it would act as its owner; npm keeps this mark of an archive.
        if ((stats.mode & setId) !== 0)
          return { ok: false, reason: `${path} runs with the rights of its owner (setuid)` }
        files.push(fileOf(path, stats))
        bytes += stats.size
      }
      if (files.length > limits.files) return { ok: false, reason: `holds more than ${limits.files} files` }
      if (bytes > limits.bytes) return { ok: false, reason: `holds more than ${limits.bytes} bytes` }
    }
  }
  return { ok: true, files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)), folders, bytes }
}

const setId = 0o6000

function fileOf(path: string, stats: Stats): TreeFile {
  return { path, size: stats.size, marks: marksOf(stats), changedMs: stats.ctimeMs }
}

/**
 * What a change of a file or folder leaves behind. Fractions of a millisecond are kept by these numbers to a quarter of a
 * microsecond, far finer than the kernel's tick.
 */
function marksOf({ size, mtimeMs, ctimeMs, ino, dev, mode }: Stats): string {
  return `${size} ${mtimeMs} ${ctimeMs} ${ino} ${dev} ${mode}`
}

/** The hash of one file as it is now. */
export function hashFile(root: string, file: TreeFile): string {
  return hashText(readFileSync(join(root, file.path)))
}

export function hashText(bytes: string | Uint8Array): string {
  return `sha256-${createHash('sha256').update(bytes).digest('base64')}`
}
