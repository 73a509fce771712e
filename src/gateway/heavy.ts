import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import type { Finding } from '../core/finding.ts'
import type { Scene } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import type { GuardSettings, Inspection } from '../core/pipeline.ts'

/** Heavy guards on long messages, on threads of their own, so that a long answer delays nobody else's short one. */
export type HeavyWorkers = {
  inspect(message: Message, scene: Scene): Promise<Inspection>
  /** Later messages are judged with these settings. */
  configure(settings: GuardSettings): void
  close(): Promise<void>
}

export type HeavyAnswer = { readonly id: number; readonly findings: readonly Finding[] }

const threadsMax = Math.max(1, Math.min(2, availableParallelism() - 1))
/** Messages that wait for a thread; beyond it, and after this long, what was not inspected is a finding that says so. */
const queueMax = 64
const answerMs = 20_000

export function newHeavyWorkers(first: GuardSettings): HeavyWorkers {
  let settings = first
  let nextId = 0
  const threads: Thread[] = []
  const pick = (): Thread => {
    const idle = threads.find(({ waiting }) => waiting.size === 0)
    if (idle !== undefined) return idle
    if (threads.length < threadsMax)
      threads.push(newThread(settings, thread => threads.splice(threads.indexOf(thread), 1)))
    return threads.toSorted((a, b) => a.waiting.size - b.waiting.size)[0] ?? newThread(settings, () => {})
  }
  return {
    async inspect(message, scene) {
      const thread = pick()
      if (thread.waiting.size >= queueMax) return nothingSeen('queue-full')
      nextId += 1
      return ask(thread, nextId, { message, scene })
    },
    configure(later) {
      settings = later
      for (const { worker } of threads) worker.postMessage({ settings })
    },
    async close() {
      await Promise.all(threads.splice(0).map(({ worker }) => worker.terminate()))
    },
  }
}

type Thread = { readonly worker: Worker; readonly waiting: Map<number, (seen: Inspection) => void> }

function newThread(settings: GuardSettings, gone: (thread: Thread) => void): Thread {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  // Threads take as long to load as a tenth of Node itself, and most starts need none.
  const { Worker: Thread } = process.getBuiltinModule('node:worker_threads')
  const worker = new Thread(new URL(`./heavy-thread.${extension}`, import.meta.url), { workerData: { settings } })
  const thread: Thread = { worker, waiting: new Map() }
  worker.on('message', ({ id, findings }: HeavyAnswer) => {
    thread.waiting.get(id)?.({ findings, memory: {}, shared: {} })
    thread.waiting.delete(id)
  })
  const lost = () => {
    for (const settle of thread.waiting.values()) settle(nothingSeen('thread-lost'))
    thread.waiting.clear()
    gone(thread)
  }
  worker.on('error', lost)
  worker.on('exit', lost)
  // Last: a listener would hold the process again.
  worker.unref()
  return thread
}

function ask(
  { worker, waiting }: Thread,
  id: number,
  question: { message: Message; scene: Scene },
): Promise<Inspection> {
  return new Promise(resolve => {
    const timer = setTimeout(() => {
      waiting.delete(id)
      resolve(nothingSeen('too-slow'))
      // Whatever it is stuck on, the next message gets a fresh thread.
      void worker.terminate()
    }, answerMs)
    waiting.set(id, seen => {
      clearTimeout(timer)
      resolve(seen)
    })
    worker.postMessage({ id, ...question })
  })
}

/** What was not read must not pass as clean: a certain, critical finding, as for a guard that broke. */
function nothingSeen(cause: string): Inspection {
  const finding: Finding = {
    rule: 'guard/failed',
    severity: 'critical',
    confidence: 'certain',
    at: '',
    facts: { guard: 'heavy', cause },
  }
  return { findings: [finding], memory: {}, shared: {} }
}
