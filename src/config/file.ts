import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { ConfigLayer } from './config.ts'
import { bytesMax } from './document.ts'

/** The text of a configuration file that may be believed, or why it may not. */
export type FileRead =
  | { readonly ok: true; readonly text: string; readonly sha256: string }
  | { readonly ok: false; readonly text: string; readonly isMissing?: true }

/** Reads a configuration file without being led: no device, no pipe, no oversize, no file that others can write. */
export async function readConfigFile(path: string, layer: ConfigLayer): Promise<FileRead> {
  // A link inside a cloned project could point anywhere; people's own files are often links into a dotfile folder.
  const noFollow = layer === 'project' ? constants.O_NOFOLLOW : 0
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | noFollow)
    return await readOpen(file, layer).finally(() => file.close())
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    return { ok: false, text: wordsOf(cause), ...(isMissing ? { isMissing } : {}) }
  }
}

async function readOpen(file: FileHandle, layer: ConfigLayer): Promise<FileRead> {
  const { mode, uid, size } = await file.stat()
  const refused = whyNot({ mode, uid, size }, layer)
  if (refused !== undefined) return { ok: false, text: refused }
  const buffer = Buffer.alloc(bytesMax + 1)
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
  return textOf(buffer.subarray(0, bytesRead))
}

type Facts = { readonly mode: number; readonly uid: number; readonly size: number }

function whyNot({ mode, uid, size }: Facts, layer: ConfigLayer): string | undefined {
  if ((mode & constants.S_IFMT) !== constants.S_IFREG) return 'is not a file'
  if (size > bytesMax) return `is larger than ${bytesMax / 1024} KiB`
  if (layer === 'project' || process.getuid === undefined) return undefined
  if ((mode & 0o002) !== 0) return 'can be written by everybody; run: chmod o-w on it'
  const me = process.getuid()
  return uid === me || uid === 0 ? undefined : `belongs to another user (uid ${uid}); make it yours or root's`
}

function textOf(bytes: Uint8Array): FileRead {
  if (bytes.length > bytesMax) return { ok: false, text: `is larger than ${bytesMax / 1024} KiB` }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { ok: true, text, sha256: createHash('sha256').update(bytes).digest('hex') }
  } catch {
    return { ok: false, text: 'is not UTF-8 text' }
  }
}

const known: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  ELOOP: 'is a symbolic link, which a project may not use here',
  EISDIR: 'is a folder',
  ENXIO: 'is not a file',
}

function wordsOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  return known[code] ?? `cannot be read (${code})`
}
