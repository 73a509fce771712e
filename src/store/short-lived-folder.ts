import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type ShortLivedFolder = { readonly path: string; remove(): void }

type Remove = (path: string) => void

/** Folders that are still there, and how each is removed. */
const standing = new Map<string, Remove>()
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A folder of this user alone among the temporary ones, which Ctrl-C leaves behind as little as the end of its work. */
export function shortLivedFolder(prefix: string, remove: Remove = removePlain): ShortLivedFolder {
  const path = mkdtempSync(join(tmpdir(), prefix))
  if (standing.size === 0) for (const signal of signals) process.on(signal, interrupted)
  standing.set(path, remove)
  return {
    path,
    remove() {
      standing.delete(path)
      if (standing.size === 0) for (const signal of signals) process.off(signal, interrupted)
      remove(path)
    },
  }
}

function interrupted(signal: NodeJS.Signals): void {
  for (const [path, remove] of standing) remove(path)
  standing.clear()
  for (const one of signals) process.off(one, interrupted)
  // Whoever else listens ends in their own way; with nobody left the signal does what it always does.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
}

function removePlain(path: string): void {
  rmSync(path, { recursive: true, force: true })
}
