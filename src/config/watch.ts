import { type FSWatcher, realpathSync, watch } from 'node:fs'
import { dirname } from 'node:path'
import type { Guard } from '../core/guard.ts'
import type { Config } from './config.ts'
import { type FileRead, readConfigFile } from './file.ts'
import { type ConfigFile, type ConfigText, configOf } from './load.ts'
import type { Problem } from './problem.ts'

export type ConfigEvents = {
  /** The files changed and are right: swap this value in. */
  changed(config: Config, warnings: readonly Problem[]): void
  /** The files changed and something is wrong: what was in force stays in force. */
  broken(problems: readonly Problem[]): void
}

export type ConfigWatch = {
  /** Looks now, and settles when what was found has been told. */
  look(): Promise<void>
  close(): void
}

type Watched = { readonly files: readonly ConfigFile[]; readonly guards: readonly Guard[]; readonly config: Config }

/** Editors write a file in several steps; this is how long they get. */
const settleMs = 100

/** Watches configuration files. The same content told once is not told again. */
export function watchConfig({ files, guards, config }: Watched, events: ConfigEvents): ConfigWatch {
  let told = fingerprint(config.sources.map(({ path, sha256 }) => ({ path, state: sha256 })))
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let last = Promise.resolve()

  const lookOnce = async (): Promise<void> => {
    const read = await Promise.all(
      files.map(async file => ({ file, got: await readConfigFile(file.path, file.layer) })),
    )
    const seen = fingerprint(read.map(({ file, got }) => ({ path: file.path, state: got.ok ? got.sha256 : got.text })))
    if (seen === told || isClosed) return
    told = seen
    const unreadable = read.flatMap(({ file, got }) => (got.ok ? [] : [problemWith(file.path, got.text)]))
    if (unreadable.length > 0) return events.broken(unreadable)
    const loaded = await configOf(
      read.flatMap(({ file, got }) => textsOf(file, got)),
      guards,
    )
    if (isClosed) return
    if (loaded.ok) events.changed(loaded.config, loaded.warnings)
    else events.broken(loaded.problems)
  }
  const look = (): Promise<void> => {
    last = last.then(lookOnce).catch((cause: unknown) => {
      events.broken([problemWith(files[0]?.path ?? '', `could not be read: ${String(cause).slice(0, 200)}`)])
    })
    return last
  }
  const soon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(look, settleMs)
    timer.unref()
  }
  const watchers = foldersOf(files).map(folder => watchFolder(folder, soon))
  const close = (): void => {
    isClosed = true
    clearTimeout(timer)
    for (const watcher of watchers) watcher?.close()
  }
  return { look, close }
}

function textsOf(file: ConfigFile, got: FileRead): ConfigText[] {
  return got.ok ? [{ ...file, text: got.text, sha256: got.sha256 }] : []
}

function fingerprint(states: readonly { readonly path: string; readonly state: string }[]): string {
  return states
    .map(({ path, state }) => `${path}\0${state}`)
    .sort()
    .join('\0')
}

function problemWith(file: string, text: string): Problem {
  return { file, line: 1, column: 1, at: '', text: `${text}; the configuration before it stays in force` }
}

// Folders and not files: an editor that saves by renaming leaves a watched file behind.
function foldersOf(files: readonly ConfigFile[]): string[] {
  const folders = files.flatMap(({ path }) => [dirname(path), dirname(realOf(path))])
  return [...new Set(folders)]
}

function realOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function watchFolder(folder: string, changed: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, changed)
    // A folder that goes away is a change; what it did to the file is found when looking.
    watcher.on('error', changed)
    return watcher
  } catch {
    return undefined
  }
}
