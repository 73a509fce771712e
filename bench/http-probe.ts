import { Client, Pool } from 'undici'
import { within } from './sample.ts'
import type { Probe } from './stdio-probe.ts'

const answerMs = 60_000
const side = 16

/** The same as over stdio for a URL: one keep-alive connection for the row, sixteen for the burst. */
export async function httpProbe(url: string, pid: number, token?: string): Promise<Probe> {
  const { origin, pathname } = new URL(url)
  const limits = { headersTimeout: answerMs, bodyTimeout: answerMs }
  const one = new Client(origin, limits)
  const many = new Pool(origin, { ...limits, connections: side })
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
  let ids = 0
  const post = async (to: Client | Pool, message: object) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    const answer = await to.request({ path: pathname, method: 'POST', headers, body })
    let bytes = 0
    for await (const chunk of answer.body) bytes += chunk.length
    return { status: answer.statusCode, bytes, session: answer.headers['mcp-session-id'] }
  }
  const call = async (to: Client | Pool, length: number) => {
    const params = { name: 'read_text', arguments: { n: length } }
    const { status, bytes } = await within(answerMs, 'an answer', post(to, { id: ++ids, method: 'tools/call', params }))
    if (status !== 200 || bytes < length) throw new Error(`status ${status} with ${bytes} bytes for ${length}`)
  }
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } }
  const greeted = await within(answerMs, 'initialize', post(one, { id: ++ids, method: 'initialize', params }))
  if (greeted.status !== 200) throw new Error(`initialize answered ${greeted.status}`)
  if (typeof greeted.session === 'string') headers['mcp-session-id'] = greeted.session
  headers['mcp-protocol-version'] = '2025-06-18'
  await within(answerMs, 'initialized', post(one, { method: 'notifications/initialized' }))
  await within(answerMs, 'tools/list', post(one, { id: ++ids, method: 'tools/list', params: {} }))

  return {
    pid,
    async series(length, count) {
      const times: number[] = []
      for (let i = 0; i < count; i++) {
        const began = performance.now()
        await call(one, length)
        times.push((performance.now() - began) * 1000)
      }
      return times
    },
    async burst(length, count) {
      let left = count
      const began = performance.now()
      const worker = async () => {
        while (left-- > 0) await call(many, length)
      }
      await Promise.all(Array.from({ length: side }, worker))
      return count / ((performance.now() - began) / 1000)
    },
    async close() {
      await Promise.all([one.destroy(), many.destroy()])
    },
  }
}
