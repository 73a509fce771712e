import { startGateway } from '../../test/fixtures/gateway.ts'
import { start } from '../../test/fixtures/running.ts'
import { atMost, type Scenario } from '../goal.ts'
import { httpProbe } from '../http-probe.ts'
import { median, quantile } from '../sample.ts'
import { everythingOn, product } from '../targets.ts'

const calls = 200
const big = 1_000_000

/** Small calls of one client while another pulls megabytes through the same gateway. */
export const neighbours: Scenario = {
  about: 'small calls beside large ones',
  async run({ rounds, say }) {
    const server = await start([new URL('../programs/echo-http.ts', import.meta.url).pathname])
    const gateway = await startGateway({ config: everythingOn({ url: server.line }) }, product)
    const [small, large] = [
      await httpProbe(gateway.url, gateway.pid, gateway.token),
      await httpProbe(gateway.url, gateway.pid, gateway.token),
    ]
    try {
      await small.series(200, calls)
      const ratios: number[] = []
      for (let i = 0; i < rounds; i++) {
        const alone = quantile(await small.series(200, calls), 0.99)
        let isOver = false
        const pulling = (async () => {
          while (!isOver) await large.series(big, 1)
        })()
        const beside = quantile(await small.series(200, calls), 0.99)
        isOver = true
        await pulling
        ratios.push(beside / alone)
        say(`   p99 alone ${alone.toFixed(0)} µs, beside 1 MB calls ${beside.toFixed(0)} µs`)
      }
      const about = '200 B p99 while another client pulls 1 MB'
      return [{ ...atMost(3, '×', about), scenario: 'neighbours', measured: median(ratios) }]
    } finally {
      await Promise.all([small.close(), large.close()])
      await gateway.stop()
      await server.stop()
    }
  },
}
