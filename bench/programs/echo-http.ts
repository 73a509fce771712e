/** The floor under everything on HTTP. Prints its URL. With `sessions` on the line it opens one at each handshake. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { answerTo } from './echo.ts'

const opensSessions = process.argv.includes('sessions')
const server = createServer((request, response) => {
  if (request.method !== 'POST') return void response.writeHead(request.method === 'DELETE' ? 200 : 405).end()
  const chunks: Buffer[] = []
  request.on('data', chunk => chunks.push(chunk))
  request.on('end', () => {
    const asked = Buffer.concat(chunks).toString()
    if (opensSessions && asked.includes('"initialize"')) response.setHeader('mcp-session-id', randomUUID())
    const answer = answerTo(asked)
    if (!answer) return void response.writeHead(202).end()
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer)
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as { port: number }).port}/mcp\n`)
})
