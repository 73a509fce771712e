import { chmodSync, lstatSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Paths up to here can be extended by any name and are still ones that the system takes (4096 bytes, 255 a name). */
const pathMax = 3000
/** Each round lifts or opens something; a server that made more obstacles than this keeps its folder, and that is said. */
const roundsMax = 1000

/**
 * Removes a folder that a server could write: also folders nested deeper than a path can name, and folders that it closed to
 * their owner. Its processes must have ended. Throws what the system says when something stays all the same.
 */
export function removeTree(root: string): void {
  for (let round = 0; ; round++) {
    try {
      rmSync(root, { recursive: true, force: true })
      return
    } catch (error) {
      const isHelped = round < roundsMax && (lift(root, round) || open(root))
      if (!isHelped) throw error
    }
  }
}

/** Moves the first folder that lies too deep to just below the root. */
function lift(root: string, round: number): boolean {
  const deep = find(root, path => Buffer.byteLength(path) > pathMax)
  if (deep === undefined) return false
  renameSync(deep, join(root, `.lifted-${process.pid}-${round}`))
  return true
}

/** Opens the first folder that is closed to its owner, and with it what lies in it. */
function open(root: string): boolean {
  const closed = find(root, path => (lstatSync(path).mode & 0o700) !== 0o700)
  if (closed === undefined) return false
  chmodSync(closed, 0o700)
  return true
}

/** The first folder of a tree for which something holds; what cannot be read has nothing below. Links are not followed. */
function find(root: string, holds: (path: string) => boolean): string | undefined {
  const waiting = [root]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (holds(path)) return path
    for (const entry of entriesOf(path)) if (entry.isDirectory()) waiting.push(join(path, entry.name))
  }
  return undefined
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
