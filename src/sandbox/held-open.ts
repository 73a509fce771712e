import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'

const descriptorsMost = 65_536
const removed = / \(deleted\)$/u
const mapped = /^[0-9a-f]+-[0-9a-f]+ \S+ [0-9a-f]+ ([0-9a-f]+):([0-9a-f]+) ([1-9][0-9]*) .* \(deleted\)$/gmu

export type HeldOpen = { readonly files: number; readonly bytes: number; readonly isWhole: boolean }

/**
 * Files of some disks that no folder shows any more and that processes keep by having them open, or in their memory. How
 * large one is that is only in memory cannot be asked; the most that a file may be stands in. A process that closed itself to
 * others, and a file that is on its way through a socket, hide what they keep: then the answer is not whole.
 */
export function heldOpen(processes: readonly number[], devices: ReadonlySet<number>, fileBytesMax: number): HeldOpen {
  const seen = new Map<string, number>()
  let isWhole = true
  let left = descriptorsMost
  for (const pid of processes) {
    const descriptors = listed(`/proc/${pid}/fd`)
    if (descriptors === 'closed') isWhole = false
    for (const descriptor of descriptors === 'closed' ? [] : descriptors.slice(0, left)) {
      left--
      const path = `/proc/${pid}/fd/${descriptor}`
      const leads = leadsTo(path)
      if (leads.startsWith('socket:') && carriesFiles(pid, descriptor)) isWhole = false
      const found = removed.test(leads) ? statOf(path) : undefined
      if (found !== undefined && devices.has(found.dev)) seen.set(`${found.dev} ${found.ino}`, found.blocks * 512)
    }
    for (const [, major = '0', minor = '0', inode = '0'] of textOf(`/proc/${pid}/maps`).matchAll(mapped)) {
      const device = deviceOf(Number.parseInt(major, 16), Number.parseInt(minor, 16))
      const key = `${device} ${inode}`
      if (devices.has(device) && !seen.has(key)) seen.set(key, fileBytesMax)
    }
  }
  let bytes = 0
  for (const each of seen.values()) bytes += each
  return { files: seen.size, bytes, isWhole: isWhole && left > 0 }
}

function carriesFiles(pid: number, descriptor: string): boolean {
  return /^scm_fds:\s*[1-9]/mu.test(textOf(`/proc/${pid}/fdinfo/${descriptor}`))
}

/** As the C library puts the two numbers of a device into one. */
function deviceOf(major: number, minor: number): number {
  return (minor & 0xff) | ((major & 0xfff) << 8) | ((minor & ~0xff) << 12)
}

function leadsTo(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

function statOf(path: string) {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function listed(path: string): readonly string[] | 'closed' {
  try {
    return readdirSync(path)
  } catch (error) {
    const isClosed = error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM')
    return isClosed ? 'closed' : []
  }
}
