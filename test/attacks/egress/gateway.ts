/** A gateway reduced to sandboxed servers and their network. Run as root and as an ordinary user by the tests. */
import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { localTenant, type Redacted, type ServerName } from '../../../src/core/brand.ts'
import { openEgress } from '../../../src/egress/egress.ts'
import { prepareLaunch } from '../../../src/sandbox/prepare-launch.ts'
import { probeMachine } from '../../../src/sandbox/probe.ts'

type Spec = {
  readonly servers: readonly { name: string; command: readonly string[]; hosts: readonly string[] }[]
  /** What names resolve to, and which of them a person declared private. */
  readonly names: Readonly<Record<string, readonly string[]>>
  readonly privateNames: readonly string[]
  readonly cwd: string
}

const spec: Spec = JSON.parse(process.argv[2] ?? '{}')
const machine = await probeMachine({ asksEngine: false })
const egress = openEgress({
  tenant: localTenant,
  record: ({ server, severity, details }) => say({ egress: { server, severity, ...details } }),
  redact: text => text as Redacted,
  resolve: async name => spec.names[name] ?? [],
  mayBePrivate: (_server, name) => spec.privateNames.includes(name),
  ready: spec.servers.length,
})
await egress.warm()
say({ warm: true })
await Promise.all(spec.servers.map(runServer))
await new Promise(resolve => setTimeout(resolve, 300))
await egress.close()
say({ closed: true })

async function runServer({ name, command, hosts }: Spec['servers'][number]): Promise<void> {
  const server = { name: name as ServerName, command, cwd: spec.cwd, env: {}, permissions: { net: { hosts } } }
  const options = { path: '/usr/bin:/bin', node: process.execPath, egress }
  const prepared = await prepareLaunch(server, machine, options)
  if (!prepared.ok) return say({ refused: prepared.reason, name })
  const { launch } = prepared
  const held = launch.hold?.()
  if (held?.ok === false) return say({ refused: held.reason, name })
  const child = spawn(launch.command, [...launch.args], {
    cwd: launch.cwd,
    env: { ...launch.env },
    stdio: ['ignore', 'pipe', 'inherit', ...launch.inputs.map(() => 'pipe' as const), ...(held?.descriptors ?? [])],
  })
  held?.close()
  launch.inputs.forEach((bytes, i) => {
    const pipe = child.stdio[3 + i] as Writable
    pipe.on('error', () => undefined).end(bytes)
  })
  say({ started: child.pid, name, enter: launch.args[1] })
  let text = ''
  child.stdout?.on('data', bytes => {
    text += bytes
    for (const line of text.split('\n').slice(0, -1)) say({ said: line, name })
    text = text.split('\n').at(-1) ?? ''
  })
  await new Promise<void>(resolve => child.once('close', () => resolve()))
  await prepared.release()
}

function say(event: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(event)}\n`)
}
