import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import type { Finding } from '../core/finding.ts'
import type { Scene } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import type { GuardSettings, Inspection } from '../core/pipeline.ts'
import { newFairQueue } from './fair-queue.ts'

/** Heavy guards on long messages, on threads of their own, so that a long answer delays nobody else's short one. */
export type HeavyWorkers = {
  inspect(message: Message, scene: Scene): Promise<Inspection>
  /** Later messages are judged with these settings. */
  configure(settings: GuardSettings): void
  close(): Promise<void>
}

export type HeavyAnswer = { readonly id: number; readonly findings: readonly Finding[] }

const threadsMax = Math.max(1, Math.min(2, availableParallelism() - 1))
/** Messages of one principal that wait for a thread; what comes beyond it, or waits longer, is a finding that says so. */
const queueMax = 64
const waitMs = 40_000
/** From the moment that a thread has it: what others brought before does not count. */
const answerMs = 20_000

export function newHeavyWorkers(first: GuardSettings): HeavyWorkers {
  let settings = first
  let nextId = 0
  let isOver = false
  const threads = new Set<Thread>()
  const queue = newFairQueue<Job>(queueMax)
  const gone = (thread: Thread): void => {
    threads.delete(thread)
    thread.job?.settle(nothingSeen('thread-lost'))
    serve()
  }
  const freeThread = (): Thread | undefined => {
    for (const thread of threads) if (thread.job === undefined) return thread
    if (isOver || threads.size >= threadsMax) return undefined
    const made = newThread(settings, gone, serve)
    threads.add(made)
    return made
  }
  const serve = (): void => {
    while (!queue.isEmpty()) {
      const thread = freeThread()
      if (thread === undefined) return
      const job = queue.next()
      if (job?.isSettled() === false) hand(thread, job)
    }
  }
  return {
    inspect(message, scene) {
      nextId += 1
      const job = newJob(nextId, { message, scene })
      if (isOver || !queue.add(message.principal, job)) job.settle(nothingSeen(isOver ? 'thread-lost' : 'queue-full'))
      serve()
      return job.seen
    },
    configure(later) {
      settings = later
      for (const { worker } of threads) worker.postMessage({ settings })
    },
    async close() {
      isOver = true
      for (let job = queue.next(); job !== undefined; job = queue.next()) job.settle(nothingSeen('thread-lost'))
      await Promise.all([...threads].map(({ worker }) => worker.terminate()))
    },
  }
}

type Question = { readonly message: Message; readonly scene: Scene }

/** One message, from when it came until it is known what is in it. */
type Job = {
  readonly id: number
  readonly question: Question
  readonly seen: Promise<Inspection>
  readonly isSettled: () => boolean
  settle(seen: Inspection): void
}

function newJob(id: number, question: Question): Job {
  const { promise, resolve } = Promise.withResolvers<Inspection>()
  let isSettled = false
  const settle = (seen: Inspection): void => {
    clearTimeout(timer)
    isSettled = true
    resolve(seen)
  }
  const timer = setTimeout(() => settle(nothingSeen('queue-slow')), waitMs + answerMs)
  return { id, question, seen: promise, isSettled: () => isSettled, settle }
}

type Thread = { readonly worker: Worker; job: Job | undefined; timer?: NodeJS.Timeout }

/** One at a time: what waits here can still be served in another order, and outlives a thread that is stuck. */
function hand(thread: Thread, job: Job): void {
  thread.job = job
  thread.timer = setTimeout(() => {
    job.settle(nothingSeen('too-slow'))
    // Whatever it is stuck on, the next message gets a fresh thread.
    void thread.worker.terminate()
  }, answerMs)
  thread.worker.postMessage({ id: job.id, ...job.question })
}

function newThread(settings: GuardSettings, gone: (thread: Thread) => void, idle: () => void): Thread {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  // Threads take as long to load as a tenth of Node itself, and most starts need none.
  const { Worker: Thread } = process.getBuiltinModule('node:worker_threads')
  const worker = new Thread(new URL(`./heavy-thread.${extension}`, import.meta.url), { workerData: { settings } })
  const thread: Thread = { worker, job: undefined }
  worker.on('message', ({ id, findings }: HeavyAnswer) => {
    if (thread.job?.id !== id) return
    clearTimeout(thread.timer)
    thread.job.settle({ findings, memory: {}, shared: {} })
    thread.job = undefined
    idle()
  })
  worker.on('error', () => {}) // its end follows
  worker.once('exit', () => {
    clearTimeout(thread.timer)
    gone(thread)
  })
  // Last: a listener would hold the process again.
  worker.unref()
  return thread
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
