import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder for this user alone, with those above it. Not with Node's own `recursive`: where the kernel refuses a
 * folder as if the one above were missing, as it does under `/proc`, that tries again without end.
 */
export function makeFolder(path: string): void {
  const missing: string[] = []
  for (let at = path; !isThere(at) && dirname(at) !== at; at = dirname(at)) missing.push(at)
  for (const folder of missing.reverse()) makeOne(folder)
  // A file of that name is no folder, and whoever asked for one would fail later and less clearly.
  if (missing.length === 0 && !statSync(path).isDirectory())
    throw Object.assign(new Error(`${path} is there and no folder`), { code: 'ENOTDIR' })
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (cause) {
    // Another process may have made it meanwhile.
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST' && isThere(folder))) throw cause
  }
}
