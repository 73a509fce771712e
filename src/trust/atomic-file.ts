import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Told before each step of a change on disk; tests end the process there. */
export type StepHook = (step: string) => void

/** Replaces a file whole: a reader, a crash or a full disk sees the old text or the new one, never a part of either. */
export function writeAtomic(path: string, text: string | Uint8Array, atStep: StepHook = () => undefined): void {
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const beside = `${path}.${process.pid}.tmp`
  atStep('open')
  const handle = openSync(beside, 'w', 0o600)
  try {
    atStep('write')
    const bytes = typeof text === 'string' ? Buffer.from(text) : text
    for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at)
    atStep('sync')
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  atStep('rename')
  renameSync(beside, path)
  atStep('sync folder')
  syncFolder(folder)
}

/** Makes a rename in a folder durable. Windows cannot open folders, and needs no such thing. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
