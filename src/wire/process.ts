import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import type { Launch } from '../core/launch.ts'
import { forgetGroup, watchGroup } from './guardian.ts'
import { LinkError } from './link.ts'

export type ServerProcess = {
  readonly pid: number
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Closes its input, waits, then TERM, waits, then KILL; the whole group each time. Resolves when it is gone. */
  stop(): Promise<void>
  /** Kills the whole group at once. */
  kill(why: string): void
  /** Settles when the process is gone and its output was read, with why; never rejects. */
  readonly gone: Promise<string>
}

export type Patience = { readonly eofMs: number; readonly termMs: number }

const patience: Patience = { eofMs: 2000, termMs: 2000 }
/** Output that is still on its way when a process is gone is waited for this long: an escaped child may hold the pipe. */
const drainMs = 500

/** Starts a server's process in a group of its own, with exactly the environment and descriptors of its launch. */
export async function startProcess(launch: Launch, { eofMs, termMs }: Patience = patience): Promise<ServerProcess> {
  const child = await spawned(launch)
  const pid = child.pid ?? 0
  const end = ending(child)
  const unwatch = launch.watch?.(pid, why => kill(why))
  child.once('exit', () => unwatch?.())
  const kill = (why: string): void => {
    end.why ??= why
    signal(child, 'SIGKILL')
  }
  return {
    pid,
    stdin: child.stdin as Writable,
    stdout: child.stdout as Readable,
    stderr: child.stderr as Readable,
    gone: end.gone,
    kill,
    async stop() {
      end.why ??= 'stopped'
      child.stdin?.end()
      if (await isGoneWithin(end.gone, eofMs)) return
      signal(child, 'SIGTERM')
      if (await isGoneWithin(end.gone, termMs)) return
      signal(child, 'SIGKILL')
      await end.gone
    },
  }
}

async function spawned(launch: Launch): Promise<ChildProcess> {
  const { command, args, env, cwd, inputs } = launch
  const pipes = [...Array<'pipe'>(3 + inputs.length)].map(() => 'pipe' as const)
  const held = launch.hold?.() ?? nothingHeld
  if (!held.ok) throw new LinkError('spawn-failed', held.reason)
  const stdio = [...pipes, ...held.descriptors]
  let child: ChildProcess
  try {
    child = spawn(command, args, { cwd, env: { ...env }, detached: true, windowsHide: true, stdio })
  } catch (cause) {
    throw failure(launch, cause)
  } finally {
    held.close()
  }
  if (child.pid !== undefined) watchGroup(child.pid)
  for (const stream of child.stdio) stream?.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', cause => reject(failure(launch, cause)))
  })
  inputs.forEach((bytes, i) => {
    const pipe = child.stdio[3 + i] as Writable
    pipe.end(bytes)
  })
  return child
}

const nothingHeld = { ok: true, descriptors: [], close: () => {} } as const

function failure({ command, cwd }: Launch, cause: unknown): LinkError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  return new LinkError('spawn-failed', `cannot start ${command} in ${cwd} (${code})`, cause)
}

type Ending = { why: string | undefined; readonly gone: Promise<string> }

function ending(child: ChildProcess): Ending {
  const end: { why: string | undefined; gone: Promise<string> } = { why: undefined, gone: Promise.resolve('') }
  let drain: NodeJS.Timeout | undefined
  end.gone = new Promise(resolve => {
    child.once('exit', (code, name) => {
      // The group goes with its leader: a helper that was left behind has nobody who would ever stop it.
      signal(child, 'SIGKILL')
      forgetGroup(child.pid ?? 0)
      end.why ??= name === null ? `exited with code ${code}` : `ended by ${name}`
      drain = setTimeout(() => destroyAll(child), drainMs)
    })
    child.once('close', () => {
      clearTimeout(drain)
      resolve(end.why ?? 'ended')
    })
  })
  return end
}

function destroyAll(child: ChildProcess): void {
  for (const stream of child.stdio) stream?.destroy()
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, name)
  } catch {
    // Nobody of the group is left.
  }
}

async function isGoneWithin(gone: Promise<string>, ms: number): Promise<boolean> {
  const timer = Promise.withResolvers<false>()
  const timeout = setTimeout(() => timer.resolve(false), ms)
  const isGone = await Promise.race([gone.then(() => true), timer.promise])
  clearTimeout(timeout)
  return isGone
}
