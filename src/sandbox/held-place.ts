import { closeSync, fstatSync, openSync, readlinkSync } from 'node:fs'
import type { Held } from '../core/launch.ts'

/** Opens a place without any right to it (Linux's O_PATH): even a pipe does not wait, and a device does nothing. */
const pathOnly = 0o10000000
const noFollow = 0o400000

/** More than any document can name by hand; what is pinned inside large folders counts, too. */
export const placesMax = 2048

/**
 * Opens each path that was judged and makes sure that it is still that: a link that somebody put on the way leads
 * elsewhere, and the kernel says where. From here on the place is held, whatever becomes of its name.
 */
export function holdPlaces(paths: readonly string[]): Held {
  if (paths.length > placesMax) {
    const reason = `${paths.length} places are to be bound, more than ${placesMax}; set files.staging: true`
    return { ok: false, reason }
  }
  const descriptors: number[] = []
  const close = () => {
    for (const descriptor of descriptors.splice(0)) closeSync(descriptor)
  }
  for (const path of paths) {
    const held = holdPlace(path)
    if (held === undefined) {
      close()
      return { ok: false, reason: `${path} changed while the server was being started; look who else writes there` }
    }
    descriptors.push(held)
  }
  return { ok: true, descriptors, close }
}

/** A descriptor of exactly this path, or undefined when it is something else by now. */
export function holdPlace(path: string): number | undefined {
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, pathOnly | noFollow)
    const stats = fstatSync(descriptor)
    if ((stats.isFile() || stats.isDirectory()) && readlinkSync(`/proc/self/fd/${descriptor}`) === path)
      return descriptor
  } catch {
    // Gone, or in a folder that is closed to us: neither is what was judged.
  }
  if (descriptor !== undefined) closeSync(descriptor)
  return undefined
}
