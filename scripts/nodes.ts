/**
 * The tests beside the sources on the other Node versions that we promise to run on: `npm run test:nodes`, or some of them
 * with `npm run test:nodes -- 26`. `-- --programs` takes those that start programs along. The last line counts over all.
 */
import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { besideSources, engineOf, majors, unitOn, versionOf } from './beside-sources.ts'
import { nothing, runTests, sum, type Tally } from './shared-suite.ts'

const words = process.argv.slice(2)
const wanted = words.filter(word => word !== '--programs').map(Number)
const unknown = wanted.filter(major => !majors.includes(major))
if (unknown.length > 0) {
  process.stderr.write(
    `not a Node version that is tested here: ${unknown.join(', ')}; there are: ${majors.join(', ')}\n`,
  )
  process.exit(2)
}

let total: Tally = nothing
for (const major of majors.filter(major => wanted.length === 0 || wanted.includes(major))) {
  const engine = engineOf(major)
  process.stdout.write(`\n── Node ${engine === undefined ? major : versionOf(engine)}\n`)
  const unit = await unitOn(major)
  const tally = words.includes('--programs') ? sum(unit, await programsOn(major)) : unit
  const { passed, failed, skipped } = tally
  process.stdout.write(`   ${passed} passed, ${failed} failed, ${skipped} skipped\n`)
  total = sum(total, tally)
}
process.stdout.write(`\n${total.skipped} skipped\n${total.passed} passed, ${total.failed} failed\n`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0

async function programsOn(major: number): Promise<Tally> {
  const engine = engineOf(major)
  if (engine === undefined) return nothing
  mkdirSync('.cache', { recursive: true })
  const limits = [`--test-concurrency=${availableParallelism()}`, '--test-timeout=300000']
  const run = { name: `.cache/nodes-${process.pid}`, words: limits, silentMs: 320_000, engine }
  return (await runTests(besideSources('programs'), run)) ?? { ...nothing, failed: 1 }
}
