import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { TestContext } from 'node:test'
import { houseOf, type Person } from '../sandbox/play.ts'

const gateway = new URL('gateway.ts', import.meta.url).pathname

export type Server = { readonly name: string; readonly command: readonly string[]; readonly hosts: readonly string[] }
export type Seen = Readonly<Record<string, unknown>> & { readonly server?: string; readonly host?: string }

export type Scene = {
  readonly process: ChildProcess
  readonly lines: readonly Readonly<Record<string, unknown>>[]
  until(isSo: () => boolean): Promise<void>
  ended(): Promise<void>
  /** Records of the egress, in order. */
  seen(what?: string): readonly Seen[]
  said(name: string): readonly string[]
}

export type SceneOptions = {
  readonly servers: readonly Server[]
  readonly names?: Readonly<Record<string, readonly string[]>>
  readonly privateNames?: readonly string[]
}

/** Starts a gateway of the person with its servers in rooms; it is gone when the test ends. */
export function playScene(t: TestContext, person: Person, options: SceneOptions): Scene {
  const { home, project, settle } = houseOf(person)
  settle()
  const spec = JSON.stringify({ names: {}, privateNames: [], cwd: project, ...options })
  const [command = '', ...args] = [...person.prefix, process.execPath, gateway, spec]
  const child = spawn(command, args, {
    env: { PATH: '/usr/bin:/bin', HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: Record<string, unknown>[] = []
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts.map(part => JSON.parse(part)))
  })
  t.after(() => child.kill('SIGKILL'))
  const until = async (isSo: () => boolean) => {
    const end = Date.now() + 15_000
    while (!isSo()) {
      if (Date.now() > end) throw new Error(`not in time: ${JSON.stringify(lines)}`)
      await new Promise(resolve => setTimeout(resolve, 10))
    }
  }
  return {
    process: child,
    lines,
    until,
    ended: () => until(() => child.exitCode !== null || child.signalCode !== null),
    seen: what => {
      const all = lines.flatMap(({ egress }) => (egress === undefined ? [] : [egress as Seen]))
      return what === undefined ? all : all.filter(event => event['what'] === what)
    },
    said: name => lines.filter(line => line['name'] === name && 'said' in line).map(({ said }) => String(said)),
  }
}

/** A listener of this machine's own loopback that says who was asked for. */
export async function listener(t: TestContext): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = []
  const web = createServer((request, answer) => {
    asked.push(request.headers.host ?? '')
    answer.end(`hello ${request.headers.host}`)
  }).listen(0, '127.0.0.1')
  await once(web, 'listening')
  t.after(() => {
    web.closeAllConnections()
    web.close()
  })
  const address = web.address()
  return { port: typeof address === 'object' && address !== null ? address.port : 0, asked }
}
