import { readdirSync, readFileSync, statfsSync, statSync } from 'node:fs'
import type { Launch } from '../core/launch.ts'
import { socketKiB } from './socket-memory.ts'

export type TreeLimits = {
  readonly memoryMiB: number
  readonly pids: number
  /** Looked at most this often; a tree that grows is looked at more often than one that rests. */
  readonly slowestMs?: number
  readonly quickestMs?: number
  /** Places that are memory in the tree's own root: each name in them takes some that no process shows. */
  readonly placesInMemory?: readonly string[]
}

export type Tree = { readonly processes: readonly number[]; readonly threads: number; readonly memoryKiB: number }

const treeMax = 10_000

/**
 * Watches what a limit of the kernel does not count: the memory of all processes together (each may take its own share),
 * and, where the gateway runs as root, their number. Whoever goes over is stopped as a whole.
 */
export function watchTree(limits: TreeLimits): NonNullable<Launch['watch']> {
  const { slowestMs = 250, quickestMs = 50 } = limits
  return (pid, stop) => {
    let last = 0
    let timer: NodeJS.Timeout | undefined
    const look = () => {
      const seen = treeOf(pid)
      const kept = limits.placesInMemory === undefined ? 0 : namesKiB(seen, limits.placesInMemory) + keptKiB(pid, seen)
      const tree = { ...seen, memoryKiB: seen.memoryKiB + kept }
      const excess = excessOf(tree, limits)
      if (excess !== undefined) {
        killTree(tree)
        stop(excess)
        return
      }
      const isGrowing = tree.memoryKiB > last * 1.1 || tree.threads > limits.pids / 2
      last = tree.memoryKiB
      timer = setTimeout(look, isGrowing ? quickestMs : slowestMs).unref()
    }
    timer = setTimeout(look, quickestMs).unref()
    return () => clearTimeout(timer)
  }
}

function excessOf({ memoryKiB, threads }: Tree, limits: TreeLimits): string | undefined {
  const usedMiB = Math.ceil(memoryKiB / 1024)
  if (usedMiB > limits.memoryMiB) return `memory: ${usedMiB} MiB used, ${limits.memoryMiB} allowed (limits.memoryMiB)`
  if (threads > limits.pids) return `processes: ${threads} running, ${limits.pids} allowed (limits.pids)`
  return undefined
}

/** A process and everything below it. Inside a process namespace nothing can leave it. */
export function treeOf(pid: number): Tree {
  const processes: number[] = []
  let [threads, memoryKiB] = [0, 0]
  const waiting = [pid]
  for (let next = waiting.pop(); next !== undefined && processes.length < treeMax; next = waiting.pop()) {
    const status = read(`/proc/${next}/status`)
    if (status === undefined) continue
    processes.push(next)
    threads += numberAfter(status, 'Threads:')
    memoryKiB += ownMemoryKiB(next, status)
    waiting.push(...childrenOf(next))
  }
  return { processes, threads, memoryKiB }
}

/**
 * What only this process holds. Shared anonymous memory counts with its whole size: its pages stay when a process
 * lets go of them, and no figure of the process shows them any more.
 */
function ownMemoryKiB(pid: number, status: string): number {
  // Tables count: of a page that is only looked at, they are all that is taken.
  const counted = ['RssAnon:', 'VmSwap:', 'VmPTE:', 'HugetlbPages:']
  const resident = counted.reduce((sum, name) => sum + numberAfter(status, name), 0)
  const shared = numberAfter(status, 'RssShmem:')
  return resident + (shared > 0 ? Math.max(shared, sharedMappingsKiB(pid)) : 0)
}

function sharedMappingsKiB(pid: number): number {
  const maps = read(`/proc/${pid}/maps`) ?? ''
  const shared = maps.matchAll(/^([0-9a-f]+)-([0-9a-f]+) .{2}.s \S+ \S+ \S+ +\/(?:dev\/zero|memfd:|SYSV)/gmu)
  let bytes = 0
  for (const [, from = '0', to = '0'] of shared) bytes += Number.parseInt(to, 16) - Number.parseInt(from, 16)
  return Math.ceil(bytes / 1024)
}

/** Only in a network namespace of its own are all sockets the tree's. */
function keptKiB(pid: number, { processes }: Tree): number {
  const last = processes.at(-1)
  return last === undefined || last === pid ? 0 : socketKiB(last)
}

/** What the kernel keeps for a file without a byte in it, about: its inode and its name. */
const nameKiB = 1

/** A size limits what is in files, not how many there are; each costs memory of the kernel. */
function namesKiB({ processes }: Tree, places: readonly string[]): number {
  let names = 0
  for (const place of places) names += namesAt(place, processes)
  return names * nameKiB
}

/** Any of them will do, they have one root; a server's process may have closed its own to us, the wrapper's does not. */
function namesAt(place: string, processes: readonly number[]): number {
  for (const pid of processes) {
    try {
      const path = `/proc/${pid}/root${place}`
      // While the wrapper still prepares, its root is ours, and what is in our own /tmp is not the server's.
      if (statSync(path).dev === statSync(place).dev) continue
      const { files, ffree } = statfsSync(path)
      return files - ffree
    } catch {
      // Gone, or closed: the next.
    }
  }
  return 0
}

function childrenOf(pid: number): number[] {
  const threads = list(`/proc/${pid}/task`)
  return threads.flatMap(thread =>
    (read(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter(Boolean).map(Number),
  )
}

/** From the top: with the first process of a process namespace the kernel ends all the others at once. */
export function killTree({ processes }: Tree): void {
  for (const pid of processes) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

function numberAfter(status: string, name: string): number {
  const at = status.indexOf(`\n${name}`)
  return at < 0 ? 0 : Number.parseInt(status.slice(at + name.length + 1), 10)
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function list(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
