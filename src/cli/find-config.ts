import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import { type ConfigFile, type Loaded, loadConfig } from '../config/load.ts'
import type { ProveModel } from '../config/model.ts'
import { problemLine } from '../config/problem.ts'
import { guards } from '../guards/index.ts'
import { say } from './say.ts'

export { print, say } from './say.ts'

const fileName = 'sallyport.yaml'

/** The files that hold for a command: the machine's, the user's, and the one named or found in this folder. */
export function configFiles(named: string | undefined): readonly ConfigFile[] {
  return followedFiles(named).filter(({ path, layer }) => existsSync(path) || (named !== undefined && layer === 'user'))
}

/** The same, and those that would hold if somebody wrote them: the machine's and the user's. */
export function followedFiles(named: string | undefined): readonly ConfigFile[] {
  const here = resolve(named ?? fileName)
  const standing: readonly ConfigFile[] = [
    { path: join('/etc/sallyport', fileName), layer: 'organisation' },
    { path: join(home(), 'sallyport', fileName), layer: 'user' },
  ]
  const others = standing.filter(({ path, layer }) => path !== here && (named === undefined || layer !== 'user'))
  // A file that somebody named is theirs; one that lies in the folder may have come with a cloned repository.
  const own: ConfigFile = { path: here, layer: named === undefined ? 'project' : 'user' }
  // What appears in a project while its tools run may be the tools' own work: it counts from the next start.
  return named !== undefined || existsSync(here) ? [...others, own] : others
}

function home(): string {
  return process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config')
}

/** Loads what holds here; undefined, and said, where there is nothing. */
export async function readHere(named: string | undefined, prove?: ProveModel): Promise<Loaded | undefined> {
  const files = configFiles(named)
  if (files.length === 0) {
    say(
      `no configuration: write one (docs/config.md) and name it with --config FILE, or keep it as ${join(home(), 'sallyport', fileName)}. One server needs none: sallyport exec -- COMMAND`,
    )
    return undefined
  }
  return loadConfig(files, guards, prove)
}

/** Loads what holds here; says what is wrong, line by line, and gives undefined where anything is. */
export async function loadHere(named: string | undefined, prove?: ProveModel): Promise<Config | undefined> {
  const loaded = await readHere(named, prove)
  if (loaded === undefined) return undefined
  if (!loaded.ok) {
    for (const problem of loaded.problems) say(problemLine(problem))
    return undefined
  }
  for (const warning of loaded.warnings) say(`warning: ${problemLine(warning)}`)
  return loaded.config
}
