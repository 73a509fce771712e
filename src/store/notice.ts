import { randomBytes } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs'

/** Tells whether another process changed what this one keeps in memory, at the price of reading a few bytes. */
export type Notice = {
  /** The same number as before as long as nobody posted. It also changes by itself after a while. */
  edition(): number
  close(): void
}

/** After this a new edition counts as out whatever the file says: it may be gone, and not every program posts. */
export const editionMs = 250

/** Reads a notice. Where it cannot be read, every look is a new edition. */
export function openNotice(path: string, now: () => number = () => performance.now()): Notice {
  const read = Buffer.alloc(stampBytes)
  const known = Buffer.alloc(stampBytes)
  let fd: number | undefined
  let edition = 0
  let sinceMs = Number.NEGATIVE_INFINITY
  const close = (): void => {
    if (fd !== undefined) closeSync(fd)
    fd = undefined
  }
  /** A file that was removed has no more readers than this one: whoever posts makes another. */
  const reopen = (): void => {
    if (fd !== undefined && fstatSync(fd).nlink > 0) return
    close()
    fd = opened(path)
  }
  return {
    edition() {
      const nowMs = now()
      const isOld = !(nowMs - sinceMs < editionMs && nowMs >= sinceMs)
      if (isOld) {
        reopen()
        sinceMs = nowMs
      }
      if (fd !== undefined) readSync(fd, read, 0, stampBytes, 0)
      // Kept before anybody looks at what changed: what is posted during that look is another edition.
      if (!isOld && fd !== undefined && read.equals(known)) return edition
      read.copy(known)
      edition += 1
      return edition
    },
    close,
  }
}

/**
 * Says that something was changed; called when the change can be read, and before anybody hears of it. Two that post at
 * once leave one stamp, which is new to everybody who read neither.
 */
export function postNotice(path: string): void {
  const fd = opened(path)
  if (fd === undefined) return
  try {
    writeSync(fd, randomBytes(stampBytes), 0, stampBytes, 0)
  } catch {
    // On a full disk others look by themselves a moment later.
  } finally {
    closeSync(fd)
  }
}

const stampBytes = 8
const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0)

function opened(path: string): number | undefined {
  try {
    return openSync(path, flags, 0o600)
  } catch {
    return undefined
  }
}
