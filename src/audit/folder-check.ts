import { closeSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { auditError } from './audit-error.ts'
import { prepareFolder } from './log-folder.ts'

export type FolderHealth = { readonly isFine: boolean; readonly detail: string }

export type FolderNeeds = {
  /** With less than this free, the record will soon stop, and with it everything that passes. */
  readonly freeBytesMin: number
  /** A chain needs a handful of files; a folder without room for any fails while there are bytes to spare. */
  readonly freeFilesMin: number
}

const mebi = 1024 * 1024
/** Four segments of a record that rotates at its usual size. */
const usual: FolderNeeds = { freeBytesMin: 256 * mebi, freeFilesMin: 1000 }

/** Whether the record could be written into this folder now and for a while: by writing there, not by looking at modes. */
export function checkAuditFolder(folder: string, needs: FolderNeeds = usual): FolderHealth {
  try {
    prepareFolder(folder)
    tryWriting(folder)
  } catch (cause) {
    return { isFine: false, detail: auditError(cause, `writing into the audit folder ${folder}`).message }
  }
  const { bavail, bsize, files, ffree } = statfsSync(folder)
  const free = `${folder}: ${Math.floor((bavail * bsize) / mebi)} MiB free`
  const wayOut = 'free some or move the audit folder (audit.folder); without a record nothing passes'
  if (bavail * bsize < needs.freeBytesMin) return { isFine: false, detail: `${free}, nearly full; ${wayOut}` }
  // File systems that make room for files as they go count none.
  if (files > 0 && ffree < needs.freeFilesMin)
    return { isFine: false, detail: `${folder}: room for ${ffree} more files, nearly full; ${wayOut}` }
  return { isFine: true, detail: free }
}

/** More than a file system hides in its own tables; quotas and full disks show only when bytes are really asked for. */
const probeBytes = 64 * 1024

function tryWriting(folder: string): void {
  const path = join(folder, `writable-${process.pid}.probe`)
  const file = openSync(path, 'w', 0o600)
  try {
    const written = writeSync(file, Buffer.alloc(probeBytes, 'x'))
    // A disk that fills up in the middle says so by taking less.
    if (written < probeBytes) throw Object.assign(new Error('short write'), { code: 'ENOSPC' })
    fsyncSync(file)
  } finally {
    closeSync(file)
    rmSync(path, { force: true })
  }
}
