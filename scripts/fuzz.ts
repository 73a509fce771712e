/**
 * The properties beside the sources with other seeds than the checks take: `npm run fuzz` for ten rounds, `npm run fuzz -- 100`
 * for more. Each failure comes with the seed that found it, which `SALLYPORT_SEED=… npm test -- unit` takes.
 */
import { randomInt } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { besideSources } from './beside-sources.ts'
import { nothing, sharedSuite, sum, type Tally } from './shared-suite.ts'

const rounds = Number(process.argv[2] ?? 10)
if (!Number.isSafeInteger(rounds) || rounds < 1) {
  process.stderr.write('usage: npm run fuzz -- ROUNDS\n')
  process.exit(2)
}
mkdirSync('.cache', { recursive: true })
const files = besideSources('unit').filter(file => readFileSync(file, 'utf8').includes('/test/property.ts'))

let total: Tally = nothing
for (let round = 1; round <= rounds; round++) {
  const seed = String(randomInt(1, 2 ** 31))
  process.stdout.write(`\n── round ${round} of ${rounds}: SALLYPORT_SEED=${seed}\n`)
  process.env['SALLYPORT_SEED'] = seed
  total = sum(total, await sharedSuite(files, Math.min(4, availableParallelism())))
}
process.stdout.write(`\n${total.skipped} skipped\n${total.passed} passed, ${total.failed} failed\n`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
