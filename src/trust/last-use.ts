import { closeSync, mkdirSync, openSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'

/** Notes that a server was started: one empty file each, whose time is the whole record, so that no start waits for a lock. */
export function noteUse(root: string, server: string, nowMs: number): void {
  const folder = join(root, 'used')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, fileOf(server))
  closeSync(openSync(path, 'a', 0o600))
  utimesSync(path, nowMs / 1000, nowMs / 1000)
}

/** When a server was last started; undefined when it never was. */
export function lastUse(root: string, server: string): number | undefined {
  return statSync(join(root, 'used', fileOf(server)), { throwIfNoEntry: false })?.mtimeMs
}

function fileOf(server: string): string {
  return server.replaceAll(/[^a-zA-Z0-9_-]/gu, '_').slice(0, 100) || '_'
}
