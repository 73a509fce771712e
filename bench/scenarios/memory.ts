import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { startGateway } from '../../test/fixtures/gateway.ts'
import { start } from '../../test/fixtures/running.ts'
import { atMost, type Scenario } from '../goal.ts'
import { rssMib } from '../sample.ts'
import { everythingOn, product } from '../targets.ts'

const idle = { sample: 2000, full: 10_000 }
const churn = { sample: 10_000, full: 100_000 }
const side = 8
const settleMs = 3000

/** What the gateway holds: at rest, for sessions that wait, and after very many that went. */
export const memory: Scenario = {
  about: 'resident memory of the gateway over HTTP',
  async run({ isFull, say }) {
    const server = await start([new URL('../programs/echo-http.ts', import.meta.url).pathname, 'sessions'])
    const gateway = await startGateway({ config: everythingOn({ url: server.line }) }, product)
    const visitor = visitorOf(gateway)
    try {
      await visitor.visit(50, true)
      await sleep(settleMs)
      const own = rssMib(gateway.pid)
      const count = isFull ? churn.full : churn.sample
      // A fifth of the visits first, so that what grows once (code, buffers, the heap's young part) has grown.
      await visitor.visit(count / 5, true)
      await sleep(settleMs)
      const early = rssMib(gateway.pid)
      await visitor.visit((count / 5) * 4, true)
      await sleep(settleMs)
      const late = rssMib(gateway.pid)
      const held = isFull ? idle.full : idle.sample
      await visitor.visit(held, false)
      await sleep(settleMs)
      const holding = rssMib(gateway.pid)
      say(
        `   RSS MiB: ${[own, early, late, holding].map(mib => mib.toFixed(0)).join(', ')} (rest, ${count / 5} sessions, ${count}, + ${held} open)`,
      )
      const perSession = Math.max(0, ((holding - late) * 1024) / held)
      return [
        { ...atMost(90, 'MiB', 'own RSS at rest'), scenario: 'memory', measured: own },
        { ...atMost(10, 'KiB', `an idle session, of ${held}`), scenario: 'memory', measured: perSession },
        {
          ...atMost(1.2, '×', `RSS after ${count} sessions against ${count / 5}`),
          scenario: 'memory',
          measured: late / early,
        },
      ]
    } finally {
      await visitor.close()
      await gateway.stop()
      await server.stop()
    }
  },
}

function visitorOf({ url, token }: { url: string; token: string }) {
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, { connections: side })
  const base = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${token}`,
  }
  const send = async (method: 'POST' | 'DELETE', headers: Record<string, string>, message?: object) => {
    const body = message === undefined ? null : JSON.stringify({ jsonrpc: '2.0', ...message })
    const answer = await pool.request({ path: pathname, method, headers, body })
    await answer.body.dump()
    if (answer.statusCode >= 300) throw new Error(`${method} answered ${answer.statusCode}`)
    return answer
  }
  const once = async (leaves: boolean) => {
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'visitor', version: '1' } }
    const greeted = await send('POST', base, { id: 1, method: 'initialize', params })
    const session = greeted.headers['mcp-session-id']
    const headers = { ...base, ...(typeof session === 'string' ? { 'mcp-session-id': session } : {}) }
    await send('POST', headers, { method: 'notifications/initialized' })
    if (leaves && typeof session === 'string') await send('DELETE', headers)
  }
  return {
    async visit(count: number, leaves: boolean) {
      let left = count
      const worker = async () => {
        while (left-- > 0) await once(leaves)
      }
      await Promise.all(Array.from({ length: side }, worker))
    },
    close: () => pool.destroy(),
  }
}
