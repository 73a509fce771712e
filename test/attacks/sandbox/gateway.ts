/** A gateway reduced to one thing: it prepares a launch and starts it. Run as root and as an ordinary user by the tests. */
import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import type { ServerName } from '../../../src/core/brand.ts'
import type { SandboxTier } from '../../../src/core/launch.ts'
import { prepareLaunch } from '../../../src/sandbox/prepare-launch.ts'
import { probeMachine } from '../../../src/sandbox/probe.ts'

type Spec = {
  readonly command: readonly string[]
  readonly cwd: string
  readonly permissions?: unknown
  readonly env?: Readonly<Record<string, string>>
  readonly staysRoot?: boolean
  readonly accept?: readonly SandboxTier[]
}

const spec: Spec = JSON.parse(process.argv[2] ?? '{}')
const probed = await probeMachine({ asksEngine: false, asksLandlock: spec.accept?.includes('reduced') === true })
const machine = { ...probed, canBeAnother: probed.canBeAnother && spec.staysRoot !== true }
const server = { env: {}, ...spec, name: 'attacker' as ServerName }
const prepared = await prepareLaunch(server, machine, {
  ...{ path: '/usr/bin:/bin', node: process.execPath },
  ...(spec.accept === undefined ? {} : { accept: spec.accept }),
})
if (!prepared.ok) {
  say({ refused: prepared.reason, wayOut: prepared.wayOut })
  process.exit(3)
}

const { launch } = prepared
const held = launch.hold?.()
if (held?.ok === false) {
  say({ refused: held.reason })
  process.exit(3)
}
const extra = [...launch.inputs.map(() => 'pipe' as const), ...(held?.descriptors ?? [])]
const child = spawn(launch.command, [...launch.args], {
  cwd: launch.cwd,
  env: { ...launch.env },
  stdio: ['inherit', 'inherit', 'inherit', ...extra],
})
held?.close()
launch.inputs.forEach((bytes, i) => {
  const pipe = child.stdio[3 + i] as Writable
  pipe.on('error', () => undefined).end(bytes)
})
say({ started: child.pid, tier: launch.tier, program: launch.command, losses: prepared.losses })
const unwatch = launch.watch?.(child.pid ?? 0, why => say({ stopped: why }))
child.on('exit', (code, signal) => {
  unwatch?.()
  say({ ended: code ?? signal })
  void prepared.release()
})
process.on('SIGTERM', () => child.kill('SIGTERM'))

function say(event: Readonly<Record<string, unknown>>): void {
  process.stderr.write(`@@${JSON.stringify(event)}\n`)
}
