import { spawn } from 'node:child_process'
import { readTree, type TreeLimits, treeLimits } from './file-tree.ts'

export type BoundedRun = {
  readonly program: string
  readonly args: readonly string[]
  /** It works in this folder, and may fill it up to the limits. */
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly limits?: TreeLimits | undefined
  /** What to say when it takes too long. */
  readonly late?: string
}

export type RunEnd =
  | { readonly kind: 'ended'; readonly code: number | null; readonly said: string; readonly answer: string }
  /** It was stopped, because of time or size. */
  | { readonly kind: 'stopped'; readonly why: string }
  | { readonly kind: 'not started'; readonly why: string }

const pollMs = 500
const outputMax = 64 * 1024

/** Runs an installer with a bound on its time and on what it writes; a bomb is noticed while it unpacks, not afterwards. */
export function runBounded({ program, args, folder, env, timeoutMs, limits, late }: BoundedRun): Promise<RunEnd> {
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env, detached: true })
  let said = ''
  let answer = ''
  let stopped: string | undefined
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-outputMax)
  })
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    answer = (answer + text).slice(-outputMax)
  })
  const stop = (why: string) => {
    stopped ??= why
    killGroup(child.pid)
  }
  const timer = setTimeout(() => stop(late ?? 'the registry did not answer in time'), timeoutMs)
  const watch = setInterval(() => {
    const why = tooLarge(folder, limits)
    if (why !== undefined) stop(why)
  }, pollMs)
  return new Promise(resolve => {
    const end = (result: RunEnd) => {
      clearTimeout(timer)
      clearInterval(watch)
      resolve(result)
    }
    child.on('error', error => end({ kind: 'not started', why: error.message }))
    child.on('close', code => {
      const why = stopped ?? (code === 0 ? tooLarge(folder, limits) : undefined)
      end(why === undefined ? { kind: 'ended', code, said, answer } : { kind: 'stopped', why })
    })
  })
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself in the meantime.
  }
}

function tooLarge(folder: string, limits = treeLimits): string | undefined {
  try {
    const tree = readTree(folder, limits)
    return tree.ok || !tree.reason.startsWith('holds more') ? undefined : `the package ${tree.reason}`
  } catch {
    // Folders come and go while it works; the next look sees the rest.
    return undefined
  }
}
