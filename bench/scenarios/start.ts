import { spawnSync } from 'node:child_process'
import { configFile, environment, readable } from '../../test/fixtures/gateway.ts'
import { atMost, type Scenario } from '../goal.ts'
import { median } from '../sample.ts'
import { stdioProbe } from '../stdio-probe.ts'
import { product, rawServer } from '../targets.ts'

const runsEach = 5

/** How long people wait before anything happens. */
export const start: Scenario = {
  about: 'from a command to its first word',
  async run({ rounds, say }) {
    const [bare, version, ready] = [[], [], []] as [number[], number[], number[]]
    const file = configFile({})
    const env = environment(file.folder)
    const reads = readable.flatMap(path => ['--read', path])
    for (let i = 0; i < Math.max(runsEach, rounds); i++) {
      bare.push(timed(['-e', '0'], env))
      version.push(timed([product, '--version'], env))
      const began = performance.now()
      const probe = await stdioProbe([process.execPath, product, 'exec', ...reads, '--', ...rawServer], env)
      ready.push(performance.now() - began)
      await probe.close()
    }
    file[Symbol.dispose]()
    const note = `bare node ${median(bare).toFixed(0)} ms`
    say(`   ${note}, --version ${median(version).toFixed(0)} ms, exec ready ${median(ready).toFixed(0)} ms`)
    const against = (times: readonly number[]) => median(times.map((time, i) => time / (bare[i] ?? Number.NaN)))
    return [
      { ...atMost(3, '×', '--version against bare node'), scenario: 'start', measured: against(version), note },
      { ...atMost(5, '×', 'exec ready against bare node'), scenario: 'start', measured: against(ready), note },
    ]
  },
}

function timed(words: readonly string[], env: Readonly<Record<string, string>>): number {
  const began = performance.now()
  const done = spawnSync(process.execPath, words, { stdio: 'ignore', env: { ...process.env, ...env }, timeout: 30_000 })
  if (done.status !== 0) throw new Error(`${words.join(' ')} ended with ${done.status ?? done.signal}`)
  return performance.now() - began
}
