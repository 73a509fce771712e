import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readFileSync, readlinkSync } from 'node:fs'

/** What a regular file holds, and whether its owner can run it. */
export type Plain = { readonly bytes: Buffer; readonly runs: boolean; readonly mode: number }

export const fileBytesMax = 64 * 1024 * 1024

/** A regular file that is really where its path says; undefined for anything else. */
export function readPlain(path: string): Plain | undefined {
  let handle: number
  try {
    handle = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return undefined
  }
  try {
    const stats = fstatSync(handle)
    if (!stats.isFile() || stats.size > fileBytesMax) return undefined
    // A folder on the way may have been swapped for a link meanwhile; the kernel knows where the descriptor leads.
    if (process.platform === 'linux' && readlinkSync(`/proc/self/fd/${handle}`) !== path) return undefined
    return { bytes: readFileSync(handle), runs: (stats.mode & 0o100) !== 0, mode: stats.mode & 0o777 }
  } finally {
    closeSync(handle)
  }
}

export function digestOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
