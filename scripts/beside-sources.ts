import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { nodeBinary } from './run.mjs'
import { type Engine, sharedSuite, type Tally } from './shared-suite.ts'
import { startsPrograms } from './starts-programs.ts'

/** The Node versions beside the one of development that we promise to run on. */
export const majors: readonly number[] = [22, 26]

/** The test files beside the sources, in order: those that start programs have a process each, the others share a few. */
export function besideSources(which: 'unit' | 'programs'): readonly string[] {
  return globSync('src/**/*.test.ts')
    .sort()
    .filter(file => startsPrograms(file) === (which === 'programs'))
}

/** Runs what starts no programs on one version of Node, which comes from the registry on first use. */
export async function unitOn(major: number): Promise<Tally> {
  const engine = engineOf(major)
  if (engine === undefined) {
    process.stdout.write(`   skipped: no Node ${major} for ${process.platform}-${process.arch} can be had\n`)
    return { passed: 0, failed: 0, skipped: 1 }
  }
  mkdirSync('.cache', { recursive: true })
  return sharedSuite(besideSources('unit'), Math.min(4, availableParallelism()), engine)
}

/** Undefined where this version cannot be had. */
export function engineOf(major: number): Engine | undefined {
  const node = nodeBinary(major)
  if (node === undefined) return undefined
  const isolation = major < 24 ? '--experimental-test-isolation=none' : '--test-isolation=none'
  return { node, words: major < 24 ? ['--import=./scripts/lower.mjs'] : [], shared: [isolation] }
}

/** What a Node binary says that it is: `v24.21.0`. */
export function versionOf({ node }: Engine): string {
  return spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
}
