import { execFile, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isObject, type Json } from '../../src/core/json.ts'
import { configFile, environment, sallyport, startGateway, transparent, type Upstream } from '../fixtures/gateway.ts'
import { builtFolder, type Peer } from './languages.ts'

/** A client that is told which revision to speak. */
export type Client = Peer & { readonly revision: string }

const run = promisify(execFile)
const answerMs = 150_000

/** Every step of the conversation and what was said unasked, one line each. */
export async function converse(client: Client, words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const [program = '', ...rest] = client.command
  const options = { env: { ...process.env, NODE_NO_WARNINGS: '1', ...env }, timeout: answerMs, maxBuffer: 2 ** 26 }
  const { stdout } = await run(program, [...rest, 'client', client.revision, ...words], options)
  return stdout.split('\n').filter(line => line !== '' && !line.startsWith('["close"'))
}

export async function startHttp(server: Peer, kind: string) {
  const port = await freePort()
  const [program = '', ...rest] = server.command
  const child = spawn(program, [...rest, kind, String(port)], { stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}/mcp`
  for (let tries = 0; tries < 300 && child.exitCode === null; tries++) {
    if (await answers(url)) return { url, [Symbol.dispose]: () => child.kill('SIGKILL') }
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  child.kill('SIGKILL')
  throw new Error(`${server.name} ${kind} did not come up at ${url}`)
}

function answers(url: string): Promise<boolean> {
  return fetch(url, { method: 'DELETE' }).then(
    () => true,
    () => false,
  )
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

export async function throughExec(client: Client, server: Peer) {
  using file = configFile({})
  const words = server.reads.flatMap(folder => ['--read', folder])
  const command = [process.execPath, sallyport, 'exec', ...words, '--', ...server.command, 'stdio']
  return await converse(client, command, around(file.folder))
}

export async function throughStdio(client: Client, servers: Record<string, Upstream>, prefix = '') {
  using file = configFile(transparent(servers))
  const command = [process.execPath, sallyport, 'stdio', '--config', file.path]
  return await converse(client, command, { ...around(file.folder), PREFIX: prefix })
}

export async function throughHttp(client: Client, servers: Record<string, Upstream>) {
  await using gateway = await startGateway({ config: transparent(servers) })
  return await converse(client, [gateway.url], { TOKEN: gateway.token })
}

/** State of its own for each; the compiled code of the gateway is kept, or each start and end would compile it anew. */
function around(folder: string): Record<string, string> {
  return { ...environment(folder), XDG_CACHE_HOME: join(builtFolder, 'cache') }
}

/** One line in a form in which only what matters can differ: order of keys and of a map's resources does not, nor that of what a client hears at once (Java's mixes it). */
export function canonical(line: string): string {
  try {
    const value: Json = JSON.parse(line)
    return JSON.stringify(sorted(value))
  } catch {
    return line
  }
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) {
    const items = value.map(sorted)
    return value[0] === 'heard log' || value[0] === 'heard progress'
      ? items.map(item => (Array.isArray(item) ? byText(item) : item))
      : items
  }
  if (!isObject(value)) return value
  const entries = Object.entries(value).map(([key, part]): [string, Json] => [key, sorted(part ?? null)])
  const ordered = entries.map(([key, part]): [string, Json] => [
    key,
    key === 'resources' && Array.isArray(part) ? byText(part) : part,
  ])
  return Object.fromEntries(ordered.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function byText(items: readonly Json[]): Json[] {
  return [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}
