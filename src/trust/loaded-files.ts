import { join, posix } from 'node:path'
import * as z from 'zod'
import { jsonOf } from './npm-tree.ts'

const script = /\.(?:js|mjs|cjs)$/u
const neverRun = /\.(?:json|node|wasm)$/u
const namesMax = 10_000

/** Whether a file is read as a script by its ending alone. */
export function isScript(path: string): boolean {
  return script.test(path)
}

/** Where the modules lie that a script names by their places; of packages there are none. */
export function namedBy(path: string, imports: readonly string[]): string[] {
  return imports.flatMap(name => (/^\.\.?(?:\/|$)/u.test(name) ? posix.join(posix.dirname(path), name) : []))
}

/**
 * Files that Node runs as scripts although their ending says otherwise, because a script or a manifest names them: Node
 * asks the ending only of what it knows.
 */
export function loadedFiles(there: { has(path: string): boolean }, named: Iterable<string>): string[] {
  return [...new Set(named)].filter(path => there.has(path) && !script.test(path) && !neverRun.test(path))
}

const manifest = z.record(z.string(), z.unknown())
const entries = ['main', 'bin', 'exports', 'imports']

/** What the manifests among these files of a folder name as programs and entries. */
export function namedByManifests(folder: string, paths: readonly string[]): string[] {
  return paths
    .filter(path => posix.basename(path) === 'package.json')
    .flatMap(path => {
      const read = manifest.safeParse(jsonOf(join(folder, path)))
      const names = read.success ? entries.flatMap(name => leaves(read.data[name])) : []
      return names.slice(0, namesMax).map(name => posix.join(posix.dirname(path), name))
    })
}

const depthMax = 20

function leaves(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value]
  if (value === null || typeof value !== 'object' || depth > depthMax) return []
  return Object.values(value).flatMap(each => leaves(each, depth + 1))
}
