/** The floor for an HTTP hop that looks: buffer, parse both ways, forward the bytes that came. Prints its URL. */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { Pool } from 'undici'

const target = new URL(process.argv[2] ?? '')
const pool = new Pool(target.origin, { connections: 64, keepAliveTimeout: 60_000 })
const hopByHop = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive'])
let messages = 0

const server = createServer(async (request, response) => {
  try {
    const asked = look(await bufferOf(request))
    const answer = await pool.request({
      path: request.url ?? '/',
      method: request.method as 'POST',
      headers: onward(request.headers),
      body: asked.length > 0 ? asked : null,
    })
    const body = look(await bufferOf(answer.body))
    response.writeHead(answer.statusCode, { ...onward(answer.headers), 'content-length': body.length }).end(body)
  } catch {
    response.destroy()
  }
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as { port: number }).port}/mcp\n`)
})

function look(bytes: Buffer): Buffer {
  if (bytes.length > 0 && (JSON.parse(bytes.toString()) as { id?: unknown }).id !== undefined) messages++
  return bytes
}

function onward(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept = Object.entries(headers).filter(([name, value]) => value !== undefined && !hopByHop.has(name))
  return Object.fromEntries(kept) as Record<string, string | string[]>
}

async function bufferOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  const [only] = chunks
  return chunks.length === 1 && only ? only : Buffer.concat(chunks)
}
process.on('SIGTERM', () => process.exit(messages < 0 ? 1 : 0))
