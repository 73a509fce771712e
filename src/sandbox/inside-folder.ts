import { closeSync, constants, mkdirSync, openSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

const folderOnly = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW

/**
 * Reaches a file through its folder, which is opened part by part from the root and made where it is missing: whoever swaps a
 * part for a link meanwhile does not choose where something is written or removed. False when there is no such folder.
 */
export function insideFolder(root: string, path: string, use: (place: string) => void): boolean {
  const parts = path.split('/')
  const name = parts.pop() ?? ''
  const folder = join(root, ...parts)
  // Only Linux says where a descriptor leads, and lets it be the beginning of a path.
  if (process.platform !== 'linux') {
    mkdirSync(folder, { recursive: true })
    use(join(folder, name))
    return true
  }
  const opened: number[] = []
  try {
    opened.push(openSync(root, folderOnly))
    for (const part of parts) opened.push(openOrMake(`/proc/self/fd/${opened.at(-1)}/${part}`))
    const at = `/proc/self/fd/${opened.at(-1)}`
    if (readlinkSync(at) !== folder) return false
    use(`${at}/${name}`)
    return true
  } catch (error) {
    if (isNoFolder(error)) return false
    throw error
  } finally {
    for (const descriptor of opened) closeSync(descriptor)
  }
}

function openOrMake(path: string): number {
  try {
    return openSync(path, folderOnly)
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
  try {
    mkdirSync(path)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  }
  return openSync(path, folderOnly)
}

function isNoFolder(error: unknown): boolean {
  return hasCode(error, 'ENOTDIR') || hasCode(error, 'ELOOP') || hasCode(error, 'ENOENT')
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
