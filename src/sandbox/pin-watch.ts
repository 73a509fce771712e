import { readFileSync } from 'node:fs'
import type { Launch } from '../core/launch.ts'
import { isInside } from './danger.ts'
import { mountPointsOf } from './mount-point.ts'
import type { Plan } from './plan.ts'
import { killTree, treeOf } from './watchdog.ts'

/** Places inside writable folders that the server must not change; each is a mount in its root. */
export function keptPlaces({ code, read, write, pins }: Plan): readonly string[] {
  const readOnly = [...code, ...read.map(({ path }) => path)].filter(path =>
    write.some(mount => mount.path !== path && isInside(path, mount.path)),
  )
  return [...new Set([...readOnly, ...pins.map(({ path }) => path)])]
}

/** How often is looked: while the wrapper still mounts, and from then on. */
const pauseMs = { mounting: 20, running: 250 } as const

/**
 * A mount holds what lies there, not the name: when somebody outside replaces, moves or deletes it (an editor that saves by
 * renaming, `git checkout`), the kernel takes the mount away, and the name is free to the server. Then the server is ended; its
 * next start keeps what lies there by then.
 */
export function watchPins(places: readonly string[], wrapper: string): NonNullable<Launch['watch']> {
  return (pid, stop) => {
    let timer: NodeJS.Timeout | undefined
    let isRunning = false
    const look = () => {
      const tree = treeOf(pid)
      const last = tree.processes.at(-1) ?? pid
      // Asked in this order: when it is no longer the wrapper that runs, everything had been mounted. A server may call itself
      // the same; then that everything is there will do.
      const isOther = last !== pid && nameOf(last) !== wrapper
      const points = mountPointsOf(last)
      const missing = points === undefined ? undefined : places.find(place => !points.has(place))
      isRunning ||= isOther || (points !== undefined && missing === undefined)
      const lost = isRunning ? missing : undefined
      if (lost === undefined) {
        timer = setTimeout(look, isRunning ? pauseMs.running : pauseMs.mounting).unref()
        return
      }
      killTree(tree)
      stop(`${lost} was replaced while the server, which may not change it, could write around it; look at it`)
    }
    look()
    return () => clearTimeout(timer)
  }
}

/** The first fifteen letters of the program that runs, as far as it has not given itself another name. */
function nameOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'latin1').trimEnd()
  } catch {
    return undefined
  }
}
