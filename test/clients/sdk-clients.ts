import { Client as Client2, StreamableHTTPClientTransport as Http2 } from '@modelcontextprotocol/client'
import { StdioClientTransport as Stdio2 } from '@modelcontextprotocol/client/stdio'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as Stdio1 } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as Http1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Ask } from './officials.ts'

/** How a client gets to its server. */
export type Way =
  | { readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> }
  | { readonly url: string; readonly token: string }

export type SdkClient = {
  readonly name: string
  /** Speaks 2026-07-28 and nothing else. */
  readonly isPinned: boolean
  open(way: Way): Promise<Opened>
}

export type Opened = { ask(what: Ask): Promise<unknown>; close(): Promise<void> }

const info = { name: 'parity', version: '1.0.0' }

export const sdkClients: readonly SdkClient[] = [
  { name: 'SDK v1', isPinned: false, open: openV1 },
  { name: 'SDK v2 legacy', isPinned: false, open: way => openV2(way, 'legacy') },
  { name: 'SDK v2 auto', isPinned: false, open: way => openV2(way, 'auto') },
  { name: 'SDK v2 pinned', isPinned: true, open: way => openV2(way, { pin: '2026-07-28' }) },
]

async function openV1(way: Way): Promise<Opened> {
  const client = new Client1(info)
  const transport = 'url' in way ? new Http1(new URL(way.url), withToken(way)) : new Stdio1(onPipe(way))
  await client.connect(transport as Parameters<Client1['connect']>[0])
  return opened(client)
}

async function openV2(way: Way, mode: 'legacy' | 'auto' | { pin: string }): Promise<Opened> {
  const client = new Client2(info, { versionNegotiation: { mode } })
  const transport = 'url' in way ? new Http2(new URL(way.url), withToken(way)) : new Stdio2(onPipe(way))
  await client.connect(transport)
  return opened(client)
}

function withToken({ token }: { token: string }) {
  return { requestInit: { headers: { authorization: `Bearer ${token}` } } }
}

function onPipe({ command: [command = '', ...args], env }: Extract<Way, { command: unknown }>) {
  const inherited = { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1' }
  return { command, args, env: { ...inherited, ...env }, stderr: 'ignore' as const }
}

/** What both generations of client can do alike. */
type Common = {
  listTools(): Promise<unknown>
  listPrompts(): Promise<unknown>
  listResources(): Promise<unknown>
  listResourceTemplates(): Promise<unknown>
  callTool(params: { name: string; arguments: Record<string, unknown> }): Promise<unknown>
  getPrompt(params: { name: string; arguments: Record<string, string> }): Promise<unknown>
  readResource(params: { uri: string }): Promise<unknown>
  close(): Promise<void>
}

function opened(client: Common): Opened {
  return {
    // An error is an answer too: what it says must be the same on every way.
    ask: what =>
      answerOf(client, what).catch((error: { code?: unknown; message: string }) => ({
        refused: error.message,
        code: error.code,
      })),
    close: () => client.close(),
  }
}

function answerOf(client: Common, what: Ask): Promise<unknown> {
  if ('tool' in what) return client.callTool({ name: what.tool, arguments: what.args ?? {} })
  if ('prompt' in what) return client.getPrompt({ name: what.prompt, arguments: what.args ?? {} })
  if ('read' in what) return client.readResource({ uri: what.read })
  switch (what.list) {
    case 'tools':
      return client.listTools()
    case 'prompts':
      return client.listPrompts()
    case 'resources':
      return client.listResources()
    case 'resourceTemplates':
      return client.listResourceTemplates()
    default:
      return what.list satisfies never
  }
}
