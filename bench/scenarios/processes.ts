import { setTimeout as sleep } from 'node:timers/promises'
import { configFile, environment, transparent } from '../../test/fixtures/gateway.ts'
import { atMost, type Scenario } from '../goal.ts'
import { family } from '../sample.ts'
import { stdioProbe } from '../stdio-probe.ts'
import { product, rawServer } from '../targets.ts'

const cycles = { sample: 40, full: 1000 }
const side = 2
const settleMs = 1500

/** Clients that come and go: each brings a gateway and a server, and all of them must be gone afterwards. */
export const processes: Scenario = {
  about: 'opening and closing, over and over',
  async run({ isFull, say }) {
    const file = configFile(transparent({ raw: { command: rawServer } }))
    const env = environment(file.folder)
    const before = family(process.pid).length
    const count = isFull ? cycles.full : cycles.sample
    let left = count
    const worker = async () => {
      while (left-- > 0) {
        const probe = await stdioProbe([process.execPath, product, 'stdio', '--config', file.path], env)
        await probe.series(200, 1)
        await probe.close()
      }
    }
    await Promise.all(Array.from({ length: side }, worker))
    await sleep(settleMs)
    const after = family(process.pid).length
    file[Symbol.dispose]()
    say(`   ${count} cycles, ${before} processes before, ${after} after`)
    return [{ ...atMost(0, 'processes', `left by ${count} cycles`), scenario: 'processes', measured: after - before }]
  },
}
