import { spawn, spawnSync } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { createObservation, type Observation, observeCall } from './observation.ts'
import { EgressError, toolPath } from './tool.ts'
import { createTraceReader } from './trace-line.ts'

export type LearnOptions = {
  readonly command: readonly string[]
  readonly cwd: string
  /** The whole environment of the command. */
  readonly env: Readonly<Record<string, string>>
  /** Put before strace, such as the `enter` of a room: the network is then judged while it is learnt. */
  readonly enter?: readonly string[]
  /** Exercises the server; when it resolves, the server's input is closed. The caller's own streams when left out. */
  readonly exercise?: (server: { readonly stdin: Writable; readonly stdout: Readable }) => Promise<void>
  readonly timeoutMs?: number
}

const calls = [
  ...[
    'openat',
    'openat2',
    'open',
    'creat',
    'execve',
    'connect',
    'sendto',
    'sendmsg',
    'sendmmsg',
    'recvfrom',
    'recvmsg',
  ],
  ...[
    'mkdir',
    'mkdirat',
    'rmdir',
    'unlink',
    'unlinkat',
    'rename',
    'renameat',
    'renameat2',
    'truncate',
    'link',
    'linkat',
  ],
  ...['symlink', 'symlinkat', 'chmod', 'fchmodat', 'chown', 'fchownat'],
]
const standard = { timeoutMs: 600_000 } as const
const traceBytesMax = 1024 ** 3
const graceMs = 2000

/** Runs a server under observation, and says what it touched. Refusing is the sandbox's work: nothing is held here. */
export async function learn(options: LearnOptions): Promise<Observation> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-learn-'))
  try {
    const pipe = openTrace(folder)
    const seen = readTrace(new Socket({ fd: pipe.reader, readable: true, writable: false }))
    await runTraced(options, pipe.path).finally(() => closeSync(pipe.writer))
    return await seen
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A pipe by name and not by descriptor: the server must not inherit the end that the evidence goes through. */
function openTrace(folder: string): { path: string; reader: number; writer: number } {
  const path = join(folder, 'trace')
  const made = spawnSync(toolPath('mkfifo'), ['-m', '600', path], { env: {}, timeout: 5000 })
  if (made.status !== 0) throw new EgressError('room-failed', `no pipe could be made in ${folder}`)
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  // Our own writer keeps the pipe open until the run is over; before strace comes, nobody else holds it.
  return { path, reader, writer: openSync(path, constants.O_WRONLY) }
}

async function runTraced(options: LearnOptions, path: string): Promise<void> {
  const known = calls.map(call => `?${call}`).join(',')
  const flags = ['-f', '-qq', '-yy', '-xx', '-s', '1500', '--seccomp-bpf', '-e', `trace=${known}`, '-e', 'signal=none']
  const argv = [...(options.enter ?? []), toolPath('strace'), ...flags, '-o', path, '--', ...options.command]
  const [program = '', ...args] = argv
  const stdio = options.exercise === undefined ? ('inherit' as const) : ('pipe' as const)
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...options.env },
    stdio: [stdio, stdio, 'inherit'],
    // strace that is killed lets its program go on, so the whole group is ended; on a terminal the group is the person's.
    detached: stdio === 'pipe',
  })
  const stop = (signal: NodeJS.Signals) => {
    if (stdio === 'inherit' || child.pid === undefined) return void child.kill(signal)
    try {
      process.kill(-child.pid, signal)
    } catch {
      // It is gone already.
    }
  }
  const timers = [setTimeout(() => stop('SIGTERM'), options.timeoutMs ?? standard.timeoutMs)]
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => resolve())
  })
  if (options.exercise !== undefined && child.stdin !== null && child.stdout !== null) {
    child.stdin.on('error', () => undefined)
    await Promise.race([options.exercise({ stdin: child.stdin, stdout: child.stdout }), ended]).finally(() => {
      child.stdin?.end()
      child.stdout?.resume()
      timers.push(
        setTimeout(() => stop('SIGTERM'), graceMs),
        setTimeout(() => stop('SIGKILL'), 2 * graceMs),
      )
    })
  }
  await ended.finally(() => timers.forEach(clearTimeout))
  if (stdio === 'pipe') stop('SIGKILL')
}

/** Folds the trace as it comes; it is never on disk and never whole in memory. */
async function readTrace(stream: Socket): Promise<Observation> {
  const seen = createObservation()
  const answers = new Map<string, string>()
  const read = createTraceReader()
  let rest = ''
  let bytes = 0
  for await (const chunk of stream) {
    bytes += chunk.length
    if (bytes > traceBytesMax) {
      seen.isPartial = true
      continue
    }
    const lines = `${rest}${String(chunk)}`.split('\n')
    rest = (lines.pop() ?? '').slice(0, 2 * 65_536)
    for (const line of lines) {
      const call = read(line)
      if (call !== undefined) observeCall(seen, answers, call)
    }
  }
  return seen
}
