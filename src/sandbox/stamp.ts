import { type BigIntStats, lstatSync } from 'node:fs'

/** Changes whenever somebody changes the file; undefined where there is none. */
export function stampOf(path: string): string | undefined {
  const stats = statsOf(path)
  if (stats === undefined) return undefined
  const kind = stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'file'
  const mode = (stats.mode & 0o777n).toString(8)
  return kind === 'folder' ? kind : `${kind} ${stats.size} ${stats.mtimeNs} ${stats.ino} ${mode}`
}

/** Where a file stands in the place of a folder there is nothing below it, which the kernel calls another error. */
function statsOf(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false })
  } catch {
    return undefined
  }
}
