import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const program = /from 'node:(?:child_process|cluster)'/u
const imported = /^(?:import(?! type)|\} from|export .* from)[^'\n]*'(\.[^']+)'/gmu

/** Whether a test file can start programs, by itself or through whatever it imports; such a file gets a process of its own. */
export function startsPrograms(file: string, seen: Set<string> = new Set()): boolean {
  if (seen.has(file) || !existsSync(file)) return false
  seen.add(file)
  const source = readFileSync(file, 'utf8')
  if (program.test(source)) return true
  return [...source.matchAll(imported)].some(([, path = '']) => startsPrograms(join(dirname(file), path), seen))
}
