/** What most proxies are made of: a Server and a Client of SDK v1, back to back. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'

const [command = '', ...args] = process.argv.slice(2)
const client = new Client({ name: 'pass-through', version: '1' })
await client.connect(new StdioClientTransport({ command, args }) as never)
const server = new Server({ name: 'pass-through', version: '1' }, { capabilities: { tools: {} } })
server.setRequestHandler(ListToolsRequestSchema, request => client.listTools(request.params))
server.setRequestHandler(CallToolRequestSchema, request => client.callTool(request.params))
await server.connect(new StdioServerTransport() as never)
process.stdin.on('end', () => void client.close().then(() => process.exit(0)))
