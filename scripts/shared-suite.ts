import { spawn } from 'node:child_process'
import { readFileSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

export type Tally = { passed: number; failed: number; skipped: number }

export const nothing: Tally = { passed: 0, failed: 0, skipped: 0 }

/** The Node that runs the tests, the words that it needs before all others, and those for many files in one process. */
export type Engine = { readonly node: string; readonly words: readonly string[]; readonly shared: readonly string[] }

const thisEngine: Engine = { node: process.execPath, words: [], shared: ['--test-isolation=none'] }

/** A test that takes longer has failed; in a shared process the test runner says so by name. */
const testMs = 60_000
/** A process that has finished no test for this long is stuck in a loop, or kept open by something that a test left behind. */
const shareSilentMs = 90_000

/**
 * Runs test files side by side in a few processes, many files in each: starting a process and reading the types away costs more
 * than most files' tests. A process that hangs or dies is ended and its files run again one by one, so that the guilty is named.
 */
export async function sharedSuite(files: readonly string[], processes: number, engine = thisEngine): Promise<Tally> {
  const shares = Array.from({ length: processes }, (_, i) => files.filter((_, index) => index % processes === i))
  const tallies = await Promise.all(
    shares
      .filter(share => share.length > 0)
      .map((share, i) => runShare(share, `.cache/share-${process.pid}-${i}`, engine)),
  )
  return tallies.reduce(sum, nothing)
}

export function sum(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }
}

async function runShare(files: readonly string[], name: string, engine: Engine): Promise<Tally> {
  const limits = { name, silentMs: shareSilentMs, engine }
  // One process, no runner above it: whoever ends it leaves nothing of it behind.
  const words = [...engine.shared, `--test-timeout=${testMs}`]
  const whole = await runTests(files, { ...limits, words })
  if (whole !== undefined) return whole
  process.stdout.write('   a process with many test files hung or died: running them one by one\n')
  let all = { ...nothing, failed: 1 }
  for (const file of files) {
    const one = await runTests([file], { ...limits, words })
    if (one === undefined) process.stdout.write(`\n   ✖ ${file}: its process hung or died\n`)
    all = sum(all, one ?? { ...nothing, failed: 1 })
  }
  return all
}

type Run = {
  readonly name: string
  readonly words: readonly string[]
  readonly silentMs: number
  readonly engine?: Engine
}

/** The tally, or undefined when the process said nothing for too long or ended without one. */
export async function runTests(files: readonly string[], run: Run): Promise<Tally | undefined> {
  const { name, words, silentMs, engine = thisEngine } = run
  const tally = `${name}.json`
  const pulse = `${name}.pulse`
  const reporters = ['--test-reporter=./scripts/reporter.mjs', '--test-reporter-destination=stdout']
  const PATH = `${dirname(engine.node)}:${process.env['PATH']}`
  const env = { ...process.env, PATH, SALLYPORT_TALLY: tally, SALLYPORT_PULSE: pulse }
  const code = await new Promise<number | undefined>(resolve => {
    const child = spawn(engine.node, [...engine.words, '--test', ...words, ...reporters, ...files], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env,
    })
    const began = Date.now()
    const watch = setInterval(() => {
      if (Date.now() - lastChange(pulse, began) > silentMs) child.kill('SIGKILL')
    }, 2_000)
    child.on('error', () => resolve(undefined))
    child.on('exit', code => {
      clearInterval(watch)
      resolve(code ?? undefined)
    })
  })
  const counted = code === undefined ? undefined : readTally(tally)
  rmSync(tally, { force: true })
  rmSync(pulse, { force: true })
  return counted !== undefined && code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted
}

function lastChange(path: string, otherwise: number): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? otherwise
}

function readTally(path: string): Tally | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
