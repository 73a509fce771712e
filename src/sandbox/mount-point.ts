import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Where something is mounted for a process, as it names those places itself; undefined when it is gone. */
export function mountPointsOf(pid: number): ReadonlySet<string> | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/mountinfo`, 'utf8')
  } catch {
    return undefined
  }
  // A process that has ended and was not yet taken away has none.
  if (text === '') return undefined
  const points = new Set<string>()
  for (const line of text.split('\n')) {
    const point = line.split(' ', 5)[4]
    if (point !== undefined) points.add(plain(point))
  }
  return points
}

// The kernel writes a blank, a tab, a break and a backslash as three octal digits.
function plain(point: string): string {
  return point.replace(/\\([0-7]{3})/gu, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}

/** Which of these places something is mounted on for processes that have a tree of mounts of their own. */
export function mountedElsewhere(paths: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  if (process.platform !== 'linux' || paths.length === 0) return found
  const ours = namespaceOf('self')
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/u.test(name) || found.size === paths.length || namespaceOf(name) === ours) continue
    const points = mountPointsOf(Number(name))
    for (const path of paths) if (points?.has(path) === true) found.add(path)
  }
  return found
}

/** Undefined where it may not be asked: what somebody else mounted can still be read. */
function namespaceOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/mnt`)
  } catch {
    return undefined
  }
}
