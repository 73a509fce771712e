import type { Worker } from 'node:worker_threads'
import type { ModelConfig } from '../config/model.ts'
import type { Span } from '../text/view.ts'
import type { ModelAnswer, ModelReader } from './model-kinds.ts'
import type { OnnxAbout, OnnxFault, OnnxQuestion, OnnxSetup, OnnxSign } from './onnx-kinds.ts'

/** A model in a file, on a thread of its own. */
export type OnnxReader = ModelReader & {
  /** What was loaded first; a file that changes afterwards is refused. */
  readonly ready: Promise<OnnxAbout | { readonly fault: OnnxFault }>
}

/** A large model takes half a minute; what takes longer is stuck. */
const loadMs = 180_000
/** After so many threads in a row that gave no answer, no new one is started for so long. */
const losses = { max: 3, restMs: 60_000 } as const
/** The strings and tables of a tokenizer; what runs the model has its own bound, of four gigabytes. */
const heapMiB = 1024

type Config = ModelConfig & Pick<OnnxSetup, 'onnx' | 'runtimeBeside'>

export function openOnnxReader(config: Config): OnnxReader {
  const state: State = { config, thread: undefined, first: undefined, lost: 0, restUntilMs: 0, nextId: 0 }
  const thread = start(state)
  return {
    ready: thread.ready,
    read: text => read(state, text),
    async close() {
      state.restUntilMs = Number.POSITIVE_INFINITY
      await state.thread?.worker.terminate()
    },
  }
}

type State = {
  readonly config: Config
  thread: Thread | undefined
  first: OnnxAbout | undefined
  lost: number
  restUntilMs: number
  nextId: number
}

type Thread = {
  readonly worker: Worker
  readonly ready: Promise<OnnxAbout | { readonly fault: OnnxFault }>
  readonly waiting: Map<number, Waiting>
  isReady: boolean
  /** When it last showed that it lives, or got something to do. */
  signMs: number
}

type Waiting = {
  readonly length: number
  readonly seen: { score: number; span: Span }[]
  settle(answer: ModelAnswer): void
}

function start(state: State): Thread {
  const { onnx, runtimeBeside } = state.config
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const { Worker: Thread } = process.getBuiltinModule('node:worker_threads')
  const setup: OnnxSetup = { onnx, ...(runtimeBeside === undefined ? {} : { runtimeBeside }) }
  const worker = new Thread(new URL(`./onnx-thread.${extension}`, import.meta.url), {
    workerData: setup,
    // It needs nothing of the environment; what it prints is no message of the protocol, and it says none (onnx-thread.ts).
    env: {},
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: heapMiB },
  })
  const { promise, resolve } = Promise.withResolvers<OnnxAbout | { readonly fault: OnnxFault }>()
  const thread: Thread = { worker, ready: promise, waiting: new Map(), isReady: false, signMs: Date.now() }
  const fail = (text: string) => resolve({ fault: { path: ['onnx', 'file'], text } })
  const timer = setTimeout(() => {
    fail(`was not loaded within ${loadMs / 1000} s`)
    void worker.terminate()
  }, loadMs)
  void promise.then(found => {
    clearTimeout(timer)
    const fault = 'fault' in found ? found.fault.text : changed(state, found)
    if (fault === undefined) thread.isReady = true
    else end(state, thread, `it is not there: ${fault}`)
  })
  worker.on('message', (sign: OnnxSign) => hear(state, thread, { sign, resolve }))
  worker.on('error', cause => {
    fail(`does not load: ${cause.message.slice(0, 200)}`)
    end(state, thread, 'its thread broke')
  })
  worker.on('exit', () => {
    fail('does not load: its thread ended')
    end(state, thread, 'its thread ended')
  })
  // After the listeners, which would hold the process again; reading what it prints would hold it, too.
  worker.unref()
  state.thread = thread
  return thread
}

/** Why this is not the model that was approved at the start. */
function changed(state: State, about: OnnxAbout): string | undefined {
  state.first ??= about
  const { sha256, tokenizerSha256 } = state.first
  if (about.sha256 === sha256 && about.tokenizerSha256 === tokenizerSha256) return undefined
  return 'its files changed since the start'
}

type Heard = { readonly sign: OnnxSign; resolve(found: OnnxAbout | { readonly fault: OnnxFault }): void }

function hear(state: State, thread: Thread, { sign, resolve }: Heard): void {
  thread.signMs = Date.now()
  if (sign.kind === 'ready' || sign.kind === 'fault') {
    resolve(sign.kind === 'ready' ? sign.about : { fault: sign.fault })
    return
  }
  state.lost = 0
  const waiting = thread.waiting.get(sign.id)
  if (waiting === undefined) return
  if (sign.kind === 'window') waiting.seen.push({ score: sign.score, span: sign.span })
  else if (sign.kind === 'done') waiting.settle({ ...sumOf(waiting, state.config), left: sign.left })
  else waiting.settle(unfinished(waiting, state.config, sign.why))
}

/** What was seen so far: the worst score, and all that may be an attack, the worst first. */
function sumOf({ seen }: Waiting, { possibleFrom }: ModelConfig): ModelAnswer {
  const sorted = seen.toSorted((a, b) => b.score - a.score)
  const [worst] = sorted
  if (worst === undefined) return {}
  return { score: worst.score, spans: sorted.filter(({ score }) => score >= possibleFrom).map(({ span }) => span) }
}

function unfinished(waiting: Waiting, config: ModelConfig, silent: string): ModelAnswer {
  const read = waiting.seen.reduce((most, { span: [, to] }) => Math.max(most, to), 0)
  return { ...sumOf(waiting, config), silent, left: waiting.length - read }
}

function read(state: State, text: string): Promise<ModelAnswer> {
  const now = Date.now()
  if (state.thread === undefined && now < state.restUntilMs)
    return Promise.resolve({ silent: 'it was stopped too often and rests for a minute' })
  const thread = state.thread ?? start(state)
  const { deadlineMs } = state.config
  if (thread.waiting.size === 0) thread.signMs = now
  state.nextId += 1
  const question: OnnxQuestion = { id: state.nextId, text, untilMs: now + deadlineMs }
  return new Promise(resolve => {
    const timer = setTimeout(() => late(state, thread, question.id), deadlineMs)
    const waiting: Waiting = {
      length: text.length,
      seen: [],
      settle(answer) {
        clearTimeout(timer)
        thread.waiting.delete(question.id)
        resolve(answer)
      },
    }
    thread.waiting.set(question.id, waiting)
    thread.worker.postMessage(question)
  })
}

function late(state: State, thread: Thread, id: number): void {
  const { deadlineMs } = state.config
  const waiting = thread.waiting.get(id)
  const why = thread.isReady ? `no answer about all of it within ${deadlineMs} ms` : 'it is still being loaded'
  if (waiting !== undefined) waiting.settle(unfinished(waiting, state.config, why))
  // A window that takes longer than any answer may take: the next text gets a fresh thread.
  if (thread.isReady && Date.now() - thread.signMs >= deadlineMs) end(state, thread, 'it was stuck and is started anew')
}

function end(state: State, thread: Thread, why: string): void {
  if (state.thread !== thread) return
  state.thread = undefined
  state.lost += 1
  if (state.lost >= losses.max) state.restUntilMs = Math.max(state.restUntilMs, Date.now() + losses.restMs)
  for (const waiting of [...thread.waiting.values()]) waiting.settle(unfinished(waiting, state.config, why))
  void thread.worker.terminate()
}
