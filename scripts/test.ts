/** Every check of the project, part by part. `npm test` runs all, `npm test -- unit lint` some; the last line counts. */
import { spawn } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'

type Tally = { passed: number; failed: number; skipped: number }
type Part = { about: string; run: () => Promise<Tally> }

const parts: Record<string, Part> = {
  types: { about: 'TypeScript', run: () => tool('tsc', ['-p', '.']) },
  lint: { about: 'Biome: style, cycles, formatting', run: () => tool('biome', ['check', '--error-on-warnings', '.']) },
  unit: { about: 'tests beside the sources', run: () => suite('src/**/*.test.ts') },
  house: { about: 'layering, limits, requirements, generated files', run: () => suite('test/*.test.ts') },
  plays: {
    about: 'who says what to whom, over real transports',
    run: () => suite('test/{plays,parity,guide}/**/*.test.ts'),
  },
  attacks: { about: 'attacks on real servers', run: () => suite('test/attacks/**/*.test.ts', 2) },
  clients: { about: 'real clients and servers', run: () => suite('test/clients/**/*.test.ts', 2) },
  conformance: {
    about: 'the protocol suite, direct and through',
    run: () => suite('test/conformance/**/*.test.ts', 1),
  },
  packaging: { about: 'the packed tarball in an empty folder', run: () => suite('test/packaging/**/*.test.ts', 1) },
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !(name in parts))
if (unknown.length > 0) {
  process.stderr.write(`no part named ${unknown.join(', ')}; there are: ${Object.keys(parts).join(', ')}\n`)
  process.exit(2)
}

const total: Tally = { passed: 0, failed: 0, skipped: 0 }
for (const [name, part] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const began = performance.now()
  process.stdout.write(`\n── ${name}: ${part.about}\n`)
  const { passed, failed, skipped } = await part.run()
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  process.stdout.write(`   ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds} s)\n`)
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
}
process.stdout.write(`\n${total.skipped} skipped\n${total.passed} passed, ${total.failed} failed\n`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0

async function tool(command: string, words: string[]): Promise<Tally> {
  const code = await inherit(command, words)
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 }
}

async function suite(pattern: string, parallel = availableParallelism()): Promise<Tally> {
  const files = globSync(pattern).sort()
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 }
  mkdirSync('.cache', { recursive: true })
  const tally = `.cache/tally-${process.pid}.json`
  const reporters = ['--test-reporter=./scripts/reporter.mjs', '--test-reporter-destination=stdout']
  const words = ['--test', `--test-concurrency=${parallel}`, '--test-timeout=300000', ...reporters, ...files]
  const code = await inherit(process.execPath, words, { SALLYPORT_TALLY: tally })
  try {
    const counted: Tally = JSON.parse(readFileSync(tally, 'utf8'))
    return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  } finally {
    rmSync(tally, { force: true })
  }
}

function inherit(command: string, words: string[], env: Record<string, string> = {}): Promise<number> {
  return new Promise(resolve => {
    const child = spawn(command, words, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } })
    child.on('error', () => resolve(127))
    child.on('exit', code => resolve(code ?? 1))
  })
}
