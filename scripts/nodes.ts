/**
 * The tests beside the sources on the other Node versions we promise to run on: `npm run test:nodes`, or some of them
 * with `npm run test:nodes -- 26`. Each comes from the registry on first use; the last line counts over all.
 */
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { nodeBinary } from './run.mjs'
import { type Engine, nothing, runTests, sharedSuite, sum, type Tally } from './shared-suite.ts'
import { startsPrograms } from './starts-programs.ts'

const majors = [22, 26]
const wanted = process.argv.slice(2).map(Number)
const unknown = wanted.filter(major => !majors.includes(major))
if (unknown.length > 0) {
  process.stderr.write(
    `not a Node version that is tested here: ${unknown.join(', ')}; there are: ${majors.join(', ')}\n`,
  )
  process.exit(2)
}

let total: Tally = nothing
for (const major of majors.filter(major => wanted.length === 0 || wanted.includes(major))) {
  const node: string = nodeBinary(major)
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
  process.stdout.write(`\n── Node ${version}\n`)
  const shared = [major < 24 ? '--experimental-test-isolation=none' : '--test-isolation=none']
  const tally = await besideSources({ node, words: ['--import=./scripts/lower.mjs'], shared })
  const { passed, failed, skipped } = tally
  process.stdout.write(`   ${passed} passed, ${failed} failed, ${skipped} skipped\n`)
  total = sum(total, tally)
}
process.stdout.write(`\n${total.skipped} skipped\n${total.passed} passed, ${total.failed} failed\n`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0

// As in `npm test`: what starts no programs shares a few processes, the rest has one for each file.
async function besideSources(engine: Engine): Promise<Tally> {
  mkdirSync('.cache', { recursive: true })
  const files = globSync('src/**/*.test.ts').sort()
  const parallel = availableParallelism()
  const shared = await sharedSuite(
    files.filter(file => !startsPrograms(file)),
    Math.min(4, parallel),
    engine,
  )
  const words = [`--test-concurrency=${parallel}`, '--test-timeout=300000']
  const run = { name: `.cache/nodes-${process.pid}`, words, silentMs: 320_000, engine }
  const programs = await runTests(
    files.filter(file => startsPrograms(file)),
    run,
  )
  return sum(shared, programs ?? { ...nothing, failed: 1 })
}
