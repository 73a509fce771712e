import { existsSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { configFile, environment, startGateway, transparent, type Upstream } from '../test/fixtures/gateway.ts'
import { launch, start } from '../test/fixtures/running.ts'
import { httpProbe } from './http-probe.ts'
import { peersFolder } from './peers.ts'
import { type Probe, stdioProbe } from './stdio-probe.ts'

/** One way from a client to the raw server. */
export type Target = {
  readonly name: string
  /** Others' programs take far longer; they get fewer calls. */
  readonly isSlow?: boolean
  /** Answers longer than this are not asked of it. */
  readonly lengthMax?: number
  open(): Promise<Probe>
}

const here = dirname(fileURLToPath(import.meta.url))
const root = dirname(here)
const program = (name: string) => join(here, 'programs', `${name}.ts`)
const node = process.execPath
/** The command of the raw server. */
export const rawServer = [node, program('echo-stdio')]
/** The same text in each answer, so that what was read of it before is known. */
const sameServer = [...rawServer, 'same']
/** Ours with texts that it has read before, and ours with the guards off that read text: what is left is the gate itself. */
export const [seenBefore, withoutText] = ['ours, text seen before', 'ours, text not read'] as const
const textGuards = [
  ...['hidden-text', 'injection', 'description', 'role-tokens', 'exfiltration-links', 'secrets', 'pii', 'classified'],
  'own-voice',
]
const quiet = { NODE_NO_WARNINGS: '1' }
const listenMs = 20_000
const pollMs = 100

/** What is measured as ours: the built program if there is one, as users run it, else the sources. */
export const product = existsSync(join(root, 'dist', 'sallyport.js'))
  ? join(root, 'dist', 'sallyport.js')
  : join(root, 'src', 'cli', 'main.ts')

export const stdioTargets: readonly Target[] = [
  onStdio('direct', rawServer),
  onStdio('blind pipe', [node, program('pipe'), ...rawServer]),
  onStdio('parse and forward', [node, program('forward-stdio'), ...rawServer]),
  onStdio('SDK v1 pass-through', [node, program('sdk-stdio'), ...rawServer]),
  oursOnStdio('ours', { command: rawServer }),
  insight(oursOnStdio(seenBefore, { command: sameServer })),
  insight(oursOnStdio(withoutText, { command: rawServer }, notReading)),
]

export const httpTargets: readonly Target[] = [
  overHttp('direct', async () => {
    const server = await start([program('echo-http')])
    return { url: server.line, pid: server.pid, stop: server.stop }
  }),
  overHttp('parse and forward', async () => {
    const server = await start([program('echo-http')])
    const hop = await start([program('forward-http'), server.line])
    return { url: hop.line, pid: hop.pid, stop: () => hop.stop().then(server.stop) }
  }),
  overHttp('ours', () => oursToHttp([])),
  insight(overHttp(seenBefore, () => oursToHttp(['same']))),
  insight(overHttp(withoutText, () => oursToHttp([], notReading))),
  overHttp('ours to stdio', () => startGateway({ config: everythingOn({ command: rawServer }) }, product)),
  peer('mcp-proxy', port => [
    join(peersFolder, 'node_modules/mcp-proxy/dist/bin/mcp-proxy.mjs'),
    ...['--host', '127.0.0.1', '--server', 'stream', '--port', String(port), '--', ...rawServer],
  ]),
  peer('supergateway', port => [
    join(peersFolder, 'node_modules/supergateway/dist/index.js'),
    ...['--stdio', rawServer.join(' '), '--outputTransport', 'streamableHttp', '--stateful'],
    ...['--port', String(port), '--logLevel', 'none'],
  ]),
]

function onStdio(name: string, command: readonly string[]): Target {
  return { name, open: () => stdioProbe(command, quiet) }
}

function oursOnStdio(name: string, upstream: Upstream, change: Change = config => config): Target {
  return {
    name,
    async open() {
      const file = configFile(change(everythingOn(upstream)))
      const command = [node, product, 'stdio', '--config', file.path]
      const probe = await stdioProbe(command, { ...quiet, ...environment(file.folder) })
      return { ...probe, close: () => probe.close().then(file[Symbol.dispose]) }
    },
  }
}

async function oursToHttp(words: readonly string[], change: Change = config => config): Promise<Served> {
  const server = await start([program('echo-http'), ...words])
  const gateway = await startGateway({ config: change(everythingOn({ url: server.line })) }, product)
  return { ...gateway, stop: () => gateway.stop().then(server.stop) }
}

/** A target that shows where time goes and that no goal is about. */
function insight(target: Target): Target {
  return { ...target, lengthMax: 10_000 }
}

type Change = (config: Record<string, unknown>) => Record<string, unknown>

function notReading(config: Record<string, unknown>): Record<string, unknown> {
  const off = Object.fromEntries(textGuards.map(name => [name, false]))
  return { ...config, guards: { ...(config['guards'] as object), ...off } }
}

/** Every guard on and nothing refused: the limits that a bench would run into are wide. */
export function everythingOn(upstream: Upstream): Record<string, unknown> {
  return transparent({ raw: upstream })
}

type Served = { readonly url: string; readonly pid: number; readonly token?: string; stop(): Promise<void> }

function overHttp(name: string, serve: () => Promise<Served>): Target {
  return {
    name,
    async open() {
      const { url, pid, token, stop } = await serve()
      try {
        const probe = await httpProbe(url, pid, token)
        return { ...probe, close: () => probe.close().then(stop) }
      } catch (error) {
        await stop()
        throw error
      }
    },
  }
}

function peer(name: string, words: (port: number) => readonly string[]): Target {
  const preload = ['--import', join(root, 'test', 'fixtures', 'loopback.mjs')]
  const target = overHttp(name, async () => {
    const port = await freePort()
    const { child, pid, stop } = launch([...preload, ...words(port)])
    child.stdout.resume()
    await listening(port).catch(error => stop().then(() => Promise.reject(error)))
    return { url: `http://127.0.0.1:${port}/mcp`, pid, stop }
  })
  return { ...target, isSlow: true }
}

/** Peers want to be told their port, so one is asked for and given back just before. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise(resolve => server.close(resolve))
  return port
}

async function listening(port: number): Promise<void> {
  for (let waited = 0; waited < listenMs; waited += pollMs) {
    const isOpen = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1', () => socket.end(() => resolve(true)))
      socket.once('error', () => resolve(false))
    })
    if (isOpen) return
    await new Promise(resolve => setTimeout(resolve, pollMs))
  }
  throw new Error(`nothing listens on ${port} after ${listenMs} ms`)
}
