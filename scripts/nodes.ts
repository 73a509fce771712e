/**
 * The tests beside the sources on the other Node versions we promise to run on: `npm run test:nodes`, or some of them
 * with `npm run test:nodes -- 26`. Each comes from the registry on first use; the last line counts over all.
 */
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { nodeBinary } from './run.mjs'

type Tally = { passed: number; failed: number; skipped: number }

const majors = [22, 26]
const wanted = process.argv.slice(2).map(Number)
const unknown = wanted.filter(major => !majors.includes(major))
if (unknown.length > 0) {
  process.stderr.write(
    `not a Node version that is tested here: ${unknown.join(', ')}; there are: ${majors.join(', ')}\n`,
  )
  process.exit(2)
}

const total: Tally = { passed: 0, failed: 0, skipped: 0 }
for (const major of majors.filter(major => wanted.length === 0 || wanted.includes(major))) {
  const node: string = nodeBinary(major)
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
  process.stdout.write(`\n── Node ${version}\n`)
  const { passed, failed, skipped } = unit(node)
  process.stdout.write(`   ${passed} passed, ${failed} failed, ${skipped} skipped\n`)
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
}
process.stdout.write(`\n${total.skipped} skipped\n${total.passed} passed, ${total.failed} failed\n`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0

function unit(node: string): Tally {
  const files = globSync('src/**/*.test.ts').sort()
  mkdirSync('.cache', { recursive: true })
  const tally = `.cache/tally-nodes-${process.pid}.json`
  const reporters = ['--test-reporter=./scripts/reporter.mjs', '--test-reporter-destination=stdout']
  const words = ['--import=./scripts/lower.mjs', '--test', '--test-timeout=300000', ...reporters, ...files]
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env['PATH']}`, SALLYPORT_TALLY: tally }
  const { status } = spawnSync(node, words, { stdio: 'inherit', env })
  try {
    const counted: Tally = JSON.parse(readFileSync(tally, 'utf8'))
    return status !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  } finally {
    rmSync(tally, { force: true })
  }
}
