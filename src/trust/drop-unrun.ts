import { rmdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readTree, type TreeLimits } from './file-tree.ts'

// Types and maps back to sources: read by compilers and debuggers, and by nothing that runs.
const unrun = /\.d\.[cm]?ts(?:\.map)?$|\.[cm]?jsx?\.map$/u
// A compiler that comes along reads types when the server runs.
const compiler = /(?:^|\/)node_modules\/(?:typescript|@typescript|ts-morph|monaco-editor)\//u

/**
 * Takes out of an installed tree what no server runs. It is more than half of the files of a usual one, and each file that
 * stays is looked at before every start. Does nothing where the tree is not one that could be stored.
 */
export function dropUnrun(folder: string, limits?: TreeLimits): number {
  const tree = readTree(folder, limits)
  if (!tree.ok || tree.files.some(({ path }) => compiler.test(path))) return 0
  const dropped = tree.files.filter(({ path }) => path.startsWith('node_modules/') && unrun.test(path))
  for (const { path } of dropped) rmSync(join(folder, path))
  const parents = new Set(dropped.map(({ path }) => dirname(path)))
  for (const parent of [...parents].toSorted((a, b) => b.length - a.length)) dropEmpty(folder, parent)
  return dropped.length
}

function dropEmpty(folder: string, path: string): void {
  for (let here = path; here !== '.' && here !== 'node_modules'; here = dirname(here)) {
    try {
      rmdirSync(join(folder, here))
    } catch {
      // There is something left in it.
      return
    }
  }
}
