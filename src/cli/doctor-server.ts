/** A server for the doctor: two tools over stdio, and a count of what reached it. Plain JSON-RPC, no dependencies. */
import { createInterface } from 'node:readline'

const reached: string[] = []
const tools = ['read_count', 'delete_everything'].map(name => ({ name, inputSchema: { type: 'object' } }))

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line)
  if (id === undefined) continue
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer(method, params) })}\n`)
}

function answer(method: string, params: { name?: string } | undefined): object {
  switch (method) {
    case 'initialize':
      return {
        result: {
          protocolVersion: '2025-11-25',
          capabilities: { tools: {} },
          serverInfo: { name: 'doctor', version: '1' },
        },
      }
    case 'tools/list':
      return { result: { tools } }
    case 'tools/call':
      reached.push(params?.name ?? '')
      return { result: { content: [{ type: 'text', text: JSON.stringify(reached) }] } }
    default:
      return { error: { code: -32601, message: 'no such method' } }
  }
}
