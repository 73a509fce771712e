/**
 * A small real server of one service: `node office-server.ts SERVICE OFFICE LEDGER`. It reads what the office holds from
 * a file, keeps what changes in memory, and writes down every call that it really carried out.
 */
import { appendFileSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { offered, run, type Service, services } from './services.ts'

const [name = '', officePath = '', ledger = ''] = process.argv.slice(2)
const service = services.find(each => each === name) ?? fail()
const office = JSON.parse(readFileSync(officePath, 'utf8'))

function fail(): never {
  throw new Error(`no such service: ${name}`)
}

type Asked = { id?: unknown; method?: string; params?: { name?: string; arguments?: Record<string, string> } }

for await (const line of createInterface({ input: process.stdin })) {
  const asked: Asked = JSON.parse(line)
  if (asked.id !== undefined) {
    const answered = answerTo(asked, service)
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: asked.id, ...answered })}\n`)
  }
}

function answerTo({ method, params = {} }: Asked, of: Service): Record<string, unknown> {
  switch (method) {
    case 'initialize':
      return {
        result: {
          protocolVersion: '2025-11-25',
          capabilities: { tools: {} },
          serverInfo: { name: of, version: '1.0.0' },
        },
      }
    case 'tools/list':
      return { result: { tools: offered(of) } }
    case 'tools/call':
      return { result: called(of, params.name ?? '', params.arguments ?? {}) }
    case 'ping':
      return { result: {} }
    default:
      return { error: { code: -32601, message: 'Method not found' } }
  }
}

function called(of: Service, tool: string, args: Record<string, string>): Record<string, unknown> {
  try {
    const text = run(office, of, { name: tool, args })
    appendFileSync(ledger, `${JSON.stringify({ service: of, tool, args })}\n`)
    return { content: [{ type: 'text', text }] }
  } catch (cause) {
    return { content: [{ type: 'text', text: String(cause) }], isError: true }
  }
}
