/** Every check of the project, part by part. `npm test` runs all, `npm test -- unit lint` some; the last line counts. */
import { spawn } from 'node:child_process'
import { globSync, mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { besideSources, majors, unitOn } from './beside-sources.ts'
import { nothing, runTests, sum, type Tally } from './shared-suite.ts'

type Part = {
  about: string
  run: () => Promise<Tally>
  /** Only when it is asked for: it builds with toolchains that few machines have, or installs what little else needs. */
  isExtra?: true
}

const parts: Record<string, Part> = {
  types: {
    about: 'TypeScript',
    run: () => tool('tsc', ['-p', '.', '--incremental', '--tsBuildInfoFile', '.cache/types.json']),
  },
  lint: { about: 'Biome: style, cycles, formatting', run: () => tool('biome', ['check', '--error-on-warnings', '.']) },
  unit: { about: 'tests beside the sources, those that start no programs', run: () => unitOn(24) },
  programs: { about: 'tests beside the sources that start programs', run: () => suite(besideSources('programs')) },
  nodes: { about: 'the unit part on the other Node versions that we promise to run on', run: nodes },
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
  peers: {
    about: 'SDKs of other languages, as clients and as servers',
    run: () => suite('test/peers/**/*.test.ts', 1, 45 * 60_000),
    isExtra: true,
  },
  onnx: {
    about: 'a model in a file, run by the real runtime',
    run: () => suite('test/onnx/**/*.test.ts', 1),
    isExtra: true,
  },
  packaging: { about: 'the packed tarball in an empty folder', run: () => suite('test/packaging/**/*.test.ts', 1) },
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !(name in parts))
if (unknown.length > 0) {
  process.stderr.write(`no part named ${unknown.join(', ')}; there are: ${Object.keys(parts).join(', ')}\n`)
  process.exit(2)
}

let total: Tally = nothing
for (const [name, part] of Object.entries(parts)) {
  if (wanted.length > 0 ? !wanted.includes(name) : part.isExtra === true) continue
  const began = performance.now()
  process.stdout.write(`\n── ${name}: ${part.about}\n`)
  const tally = await part.run()
  const { passed, failed, skipped } = tally
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  process.stdout.write(`   ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds} s)\n`)
  total = sum(total, tally)
}
process.stdout.write(`\n${total.skipped} skipped\n${total.passed} passed, ${total.failed} failed\n`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0

async function tool(command: string, words: string[]): Promise<Tally> {
  const code = await inherit(command, words)
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 }
}

async function nodes(): Promise<Tally> {
  let total = nothing
  for (const major of majors) total = sum(total, await unitOn(major))
  return total
}

/** The limit holds for each file too: one that builds first needs a longer one. */
async function suite(
  of: string | readonly string[],
  parallel = availableParallelism(),
  testMs = 300_000,
): Promise<Tally> {
  const files = typeof of === 'string' ? globSync(of).sort() : of
  if (files.length === 0) return nothing
  mkdirSync('.cache', { recursive: true })
  const words = [`--test-concurrency=${parallel}`, `--test-timeout=${testMs}`]
  const tally = await runTests(files, { name: `.cache/suite-${process.pid}`, words, silentMs: testMs + 20_000 })
  return tally ?? { ...nothing, failed: 1 }
}

function inherit(command: string, words: string[]): Promise<number> {
  return new Promise(resolve => {
    const child = spawn(command, words, { stdio: ['ignore', 'inherit', 'inherit'] })
    child.on('error', () => resolve(127))
    child.on('exit', code => resolve(code ?? 1))
  })
}
