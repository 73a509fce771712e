import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'

const descriptorsMost = 65_536
const removed = / \(deleted\)$/u
const mapped = /^[0-9a-f]+-[0-9a-f]+ \S+ [0-9a-f]+ ([0-9a-f]+):([0-9a-f]+) ([1-9][0-9]*) .* \(deleted\)$/gmu

/**
 * Files of some disks that no folder shows any more and that processes keep by having them open, or in their memory. How
 * large one is that is only in memory cannot be asked; the most that a file may be stands in.
 */
export function heldOpen(
  processes: readonly number[],
  devices: ReadonlySet<number>,
  fileBytesMax: number,
): { readonly files: number; readonly bytes: number } {
  const seen = new Map<string, number>()
  let left = descriptorsMost
  for (const pid of processes) {
    for (const descriptor of listed(`/proc/${pid}/fd`).slice(0, left)) {
      left--
      const found = removedFile(`/proc/${pid}/fd/${descriptor}`)
      if (found !== undefined && devices.has(found.dev)) seen.set(`${found.dev} ${found.ino}`, found.blocks * 512)
    }
    for (const [, major = '0', minor = '0', inode = '0'] of mapsOf(pid).matchAll(mapped)) {
      const device = deviceOf(Number.parseInt(major, 16), Number.parseInt(minor, 16))
      const key = `${device} ${inode}`
      if (devices.has(device) && !seen.has(key)) seen.set(key, fileBytesMax)
    }
  }
  let bytes = 0
  for (const each of seen.values()) bytes += each
  return { files: seen.size, bytes }
}

/** As the C library puts the two numbers of a device into one. */
function deviceOf(major: number, minor: number): number {
  return (minor & 0xff) | ((major & 0xfff) << 8) | ((minor & ~0xff) << 12)
}

function removedFile(path: string) {
  try {
    return removed.test(readlinkSync(path)) ? statSync(path) : undefined
  } catch {
    return undefined
  }
}

function mapsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'utf8')
  } catch {
    return ''
  }
}

function listed(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
