import type { Guard } from '../core/guard.ts'
import type { Config } from './config.ts'
import { type FileRead, readConfigFile } from './file.ts'
import { watchFolders } from './folders.ts'
import { type ConfigFile, type ConfigText, configOf } from './load.ts'
import type { ProveModel } from './model.ts'
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

/** Files that are not there and are not in force either may come later. */
type Watched = {
  readonly files: readonly ConfigFile[]
  readonly guards: readonly Guard[]
  readonly config: Config
  readonly prove?: ProveModel
}

/** Editors write a file in several steps; this is how long they get after each, and how long in all. */
const settleMs = 100
const settleMaxMs = 1000

/** Watches configuration files. The same content told once is not told again. */
export function watchConfig({ files, guards, config, prove }: Watched, events: ConfigEvents): ConfigWatch {
  let inForce = new Set(config.sources.map(({ path }) => path))
  let told = fingerprint(config.sources.map(({ path, sha256 }) => ({ path, state: sha256 })))
  let timer: NodeJS.Timeout | undefined
  let firstMs = 0
  let isClosed = false
  let last = Promise.resolve()

  const lookOnce = async (): Promise<void> => {
    const all = await Promise.all(files.map(async file => ({ file, got: await readConfigFile(file.path, file.layer) })))
    const read = all.filter(({ file, got }) => got.ok || got.isMissing !== true || inForce.has(file.path))
    const seen = fingerprint(read.map(({ file, got }) => ({ path: file.path, state: got.ok ? got.sha256 : got.text })))
    if (seen === told || isClosed) return
    told = seen
    const unreadable = read.flatMap(({ file, got }) => (got.ok ? [] : [problemWith(file.path, got.text)]))
    if (unreadable.length > 0) return events.broken(unreadable)
    const loaded = await configOf(
      read.flatMap(({ file, got }) => textsOf(file, got)),
      guards,
      prove,
    )
    if (isClosed) return
    if (!loaded.ok) return events.broken(loaded.problems)
    inForce = new Set(loaded.config.sources.map(({ path }) => path))
    events.changed(loaded.config, loaded.warnings)
  }
  const look = (): Promise<void> => {
    last = last.then(lookOnce).catch((cause: unknown) => {
      events.broken([problemWith(files[0]?.path ?? '', `could not be read: ${String(cause).slice(0, 200)}`)])
    })
    return last
  }
  const due = (): void => {
    timer = undefined
    // Folders first: what is written into one that has just come is seen by its watcher or by this look.
    folders.follow()
    void look()
  }
  const soon = (): void => {
    if (isClosed) return
    if (timer === undefined) firstMs = performance.now()
    // Where something changes all the time, the look still comes.
    else if (performance.now() - firstMs > settleMaxMs) return
    clearTimeout(timer)
    timer = setTimeout(due, settleMs).unref()
  }
  const folders = watchFolders(
    files.map(({ path }) => path),
    soon,
  )
  const close = (): void => {
    isClosed = true
    clearTimeout(timer)
    folders.close()
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
