import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { localTenant, type Redacted, type ServerName } from '../src/core/brand.ts'
import type { Launch } from '../src/core/launch.ts'
import { type Egress, openEgress } from '../src/egress/egress.ts'
import type { Machine } from '../src/sandbox/machine.ts'
import { prepareLaunch } from '../src/sandbox/prepare-launch.ts'
import { family } from './sample.ts'

export type Started = { readonly launch: Launch; release(): Promise<void> }

/** A network that forgets what it records: what is timed is the room, not the disk. */
export function quietRooms(): Egress {
  return openEgress({ tenant: localTenant, record: () => {}, redact: text => text as Redacted, ready: 1 })
}

/** The start of a command as the gateway makes it; throws the reason where there is no sandbox. */
export async function sandboxed(
  command: readonly string[],
  machine: Machine,
  net: { readonly egress: Egress; readonly hosts: readonly string[] } | undefined,
): Promise<Started> {
  const permissions = { children: 'any', ...(net === undefined ? {} : { net: { hosts: net.hosts } }) }
  const server = { name: 'bench' as ServerName, command, cwd: '/', env: {}, permissions }
  const options = { path: '/usr/bin:/bin', node: process.execPath }
  const prepared = await prepareLaunch(
    server,
    machine,
    net === undefined ? options : { ...options, egress: net.egress },
  )
  if (!prepared.ok) throw new Error(`${prepared.reason}. ${prepared.wayOut}`)
  return prepared
}

/** The same command with nothing around it. */
export function bare(command: readonly string[]): Launch {
  const [program = '', ...args] = command
  return { command: program, args, env: {}, cwd: '/', inputs: [], tier: 'none' }
}

/** Starts it, gives it its descriptors, and waits until it ended; what it printed. */
export async function ranToEnd(launch: Launch): Promise<{ readonly ms: number; readonly out: string }> {
  const began = performance.now()
  const child = begun(launch)
  let out = ''
  child.stdout?.on('data', bytes => {
    out += bytes
  })
  const code = await new Promise(resolve => child.once('exit', resolve))
  const ms = performance.now() - began
  if (!child.stdout?.readableEnded) await new Promise(resolve => child.once('close', resolve))
  if (code !== 0) throw new Error(`${launch.command} ended with ${code}`)
  return { ms, out }
}

/** Starts it and leaves it running; its input is open. */
export function begun(launch: Launch) {
  const held = launch.hold?.()
  if (held?.ok === false) throw new Error(held.reason)
  const pipes = [...launch.inputs.map(() => 'pipe' as const), ...(held?.descriptors ?? [])]
  const stdio = ['pipe' as const, 'pipe' as const, 'ignore' as const, ...pipes]
  const child = spawn(launch.command, launch.args, { cwd: launch.cwd, env: { ...launch.env }, stdio })
  held?.close()
  launch.inputs.forEach((bytes, i) => {
    const pipe = child.stdio[3 + i] as Writable
    pipe.on('error', () => {}).end(bytes)
  })
  return child
}

/** What a process and all under it really take, shared pages counted by share. */
export function pssMib(pid: number): number {
  const sizes = family(pid).map(member => {
    const rollup = readFileSync(`/proc/${member}/smaps_rollup`, 'utf8')
    return Number(/^Pss:\s+(\d+)/mu.exec(rollup)?.[1] ?? 0)
  })
  return sizes.reduce((sum, size) => sum + size, 0) / 1024
}
