import { spawnSync } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { Launch } from '../core/launch.ts'
import { shortLivedFolder } from '../store/short-lived-folder.ts'
import { createObservation, type Observation, observeCall } from './observation.ts'
import { EgressError, toolPath } from './tool.ts'
import { createTraceReader } from './trace-line.ts'

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
  ...['stat', 'lstat', 'newfstatat', 'statx', 'access', 'faccessat', 'faccessat2', 'readlink', 'readlinkat', 'chdir'],
]
const traceBytesMax = 1024 ** 3
const lineCharsMax = 131_072

export type Observed<T> = { readonly seen: Observation; readonly result: T }

/**
 * Lets a start happen under observation, and says what it touched and what it was refused. The observer stands outside
 * of the sandbox and holds nothing back: what the sandbox allows is allowed, what it refuses is written down.
 */
export async function observeLaunch<T>(launch: Launch, use: (traced: Launch) => Promise<T>): Promise<Observed<T>> {
  const { path: folder, remove } = shortLivedFolder('sallyport-observe-')
  try {
    const pipe = openTrace(folder)
    const reading = readTrace(new Socket({ fd: pipe.reader, readable: true, writable: false }))
    const result = await use(tracedLaunch(launch, pipe.path)).finally(() => closeSync(pipe.writer))
    return { seen: await reading, result }
  } finally {
    remove()
  }
}

/** Strace comes first, so that it sees every program from outside; descriptors, environment and place stay as they are. */
function tracedLaunch(launch: Launch, path: string): Launch {
  const known = calls.map(call => `?${call}`).join(',')
  const flags = ['-f', '-qq', '-yy', '-xx', '-s', '1500', '--seccomp-bpf', '-e', `trace=${known}`, '-e', 'signal=none']
  return { ...launch, command: toolPath('strace'), args: [...flags, '-o', path, '--', launch.command, ...launch.args] }
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
    rest = (lines.pop() ?? '').slice(0, lineCharsMax)
    for (const line of lines) {
      const call = read(line)
      if (call !== undefined) observeCall(seen, answers, call)
    }
  }
  return seen
}
