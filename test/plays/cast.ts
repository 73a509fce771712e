import { configFile, environment, readable, sallyport, startGateway, type Upstream } from '../fixtures/gateway.ts'
import { scripted, scriptedHttp } from '../fixtures/running.ts'
import type { Rpc, Script } from '../fixtures/scripted-acts.ts'
import { httpTalker } from './http-talker.ts'
import { stdioTalker } from './stdio-talker.ts'
import { greet, type Talker } from './talker.ts'

/** Several servers behind one gateway that is really on: what each said and saw, and how it was asked. */
export type Guarded = {
  readonly talker: Talker
  /** Where the gateway keeps its state and its configuration. */
  readonly folder: string
  readonly configPath: string
  /** Calls a tool; `isRefused` when the gateway answered instead of the server (an unknown tool included). */
  call(tool: string, args?: Rpc): Promise<{ readonly isRefused: boolean; readonly text: string }>
  /** What servers offer; the gateway's own tool is left out. */
  tools(): Promise<readonly Rpc[]>
  /** Names of the tools that this server was really asked to run, oldest first. */
  ran(server: string): readonly string[]
  close(): Promise<void>
}

export type Cast = {
  readonly scripts: Readonly<Record<string, Script>>
  /** Settings of a server besides how it is reached. */
  readonly settings?: Readonly<Record<string, Rpc>>
  /** The rest of the configuration. */
  readonly config?: Rpc
}

type Server = { readonly upstream: Upstream; seen(): readonly Rpc[]; stop(): Promise<void> }
export type Face = 'stdio' | 'HTTP'
export const faces: readonly Face[] = ['stdio', 'HTTP']

/** Over stdio the servers speak HTTP, over HTTP they speak stdio: both pairings that translate. */
export async function openGuarded(face: Face, cast: Cast): Promise<Guarded> {
  const names = Object.keys(cast.scripts)
  const servers = new Map<string, Server>()
  for (const name of names) servers.set(name, await open(face, cast.scripts[name] ?? {}))
  const config = {
    version: 1,
    ...cast.config,
    servers: Object.fromEntries(names.map(name => [name, settingsOf(name, servers, cast)])),
  }
  const line = await connect(face, config)
  await greet(line.talker)
  return {
    ...line,
    ran: name => (servers.get(name)?.seen() ?? []).flatMap(called),
    tools: async () => listed(await line.talker.request('tools/list')),
    async call(name, args = {}) {
      const { answer } = await line.talker.request('tools/call', { name, arguments: args })
      const text = JSON.stringify(answer)
      return { isRefused: 'error' in answer || text.includes('"dev.sallyport/decision"'), text }
    },
    async close() {
      await line.close()
      for (const { stop } of servers.values()) await stop()
    },
  }
}

function settingsOf(name: string, servers: ReadonlyMap<string, Server>, cast: Cast): Rpc {
  return { why: 'a test', ...servers.get(name)?.upstream, ...cast.settings?.[name] }
}

async function open(face: Face, script: Script): Promise<Server> {
  if (face === 'stdio') {
    const { url, seen, stop } = await scriptedHttp(script)
    return { upstream: { url }, seen, stop }
  }
  const { command, folder, seen, [Symbol.dispose]: remove } = scripted(script)
  const permissions = { files: { read: readable, write: [folder] } }
  return { upstream: { command, permissions } as Upstream, seen, stop: async () => remove() }
}

async function connect(face: Face, config: Rpc) {
  if (face === 'HTTP') {
    const { url, token, folder, configPath, stop } = await startGateway({ config })
    const talker = httpTalker(url, 'legacy', { answer: () => ({}), token })
    return { talker, folder, configPath, close: () => talker.close().finally(stop) }
  }
  const { path, folder, [Symbol.dispose]: remove } = configFile(config)
  const words = [process.execPath, sallyport, 'stdio', '--config', path]
  const talker = stdioTalker(words, 'legacy', { answer: () => ({}), env: environment(folder) })
  return { talker, folder, configPath: path, close: () => talker.close().finally(remove) }
}

function called(entry: Rpc): readonly string[] {
  const message = (entry['received'] ?? {}) as Rpc
  if (message['method'] !== 'tools/call') return []
  return [String((message['params'] as Rpc)['name'])]
}

function listed({ answer }: { readonly answer: Rpc }): readonly Rpc[] {
  const tools = ((answer['result'] as Rpc | undefined)?.['tools'] ?? []) as readonly Rpc[]
  return tools.filter(({ name }) => name !== 'sallyport__more')
}
