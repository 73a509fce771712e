import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import type { Launch } from '../core/launch.ts'

export type Once = {
  readonly argv: readonly string[]
  /** Contents of descriptors 3, 4, … */
  readonly inputs: readonly Uint8Array[]
  readonly hold?: Launch['hold'] | undefined
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

export type Ran = {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** Why it could not be started, or that it was stopped for time. */
  readonly failure: string | undefined
}

const outputMax = 256 * 1024

/** Runs a short program to its end, with bounded time and output, and without a shell. */
export function runOnce({ argv, inputs, hold, env, cwd }: Once, timeoutMs: number): Promise<Ran> {
  const [command = '', ...args] = argv
  const held = hold?.()
  if (held?.ok === false) return Promise.resolve({ code: null, stdout: '', stderr: '', failure: held.reason })
  return new Promise(resolve => {
    const pipes = inputs.map(() => 'pipe' as const)
    const stdio = ['ignore' as const, 'pipe' as const, 'pipe' as const, ...pipes, ...(held?.descriptors ?? [])]
    const child = spawn(command, args, { stdio, env: { ...env }, cwd: cwd ?? '/' })
    held?.close()
    const seen = { stdout: '', stderr: '', failure: '' }
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        seen[name] = (seen[name] + text).slice(0, outputMax)
      })
    inputs.forEach((bytes, i) => {
      const pipe = child.stdio[3 + i]
      // A program that ends early closes its end first; what it did not read is not missed.
      if (isWritable(pipe)) pipe.on('error', () => undefined).end(bytes)
    })
    const timer = setTimeout(() => {
      seen.failure = `no end after ${timeoutMs} ms`
      child.kill('SIGKILL')
    }, timeoutMs)
    child.on('error', error => {
      seen.failure = error.message
      clearTimeout(timer)
      resolve({ code: null, ...seen })
    })
    child.on('close', code => {
      clearTimeout(timer)
      resolve({ code, ...seen, failure: seen.failure || undefined })
    })
  })
}

function isWritable(stream: unknown): stream is Writable {
  return stream !== null && typeof stream === 'object' && 'end' in stream
}
