import { setImmediate as soon } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type { OnnxQuestion, OnnxSetup, OnnxSign } from './onnx-kinds.ts'
import { loadOnnx, type OnnxModel } from './onnx-model.ts'

/** The other side of onnx-reader.ts: loads a model and reads texts with it, a window at a time. */
const setup: OnnxSetup = workerData
const tell = (sign: OnnxSign): void => parentPort?.postMessage(sign)

// Whatever the runtime has to say about somebody's model: nobody reads it, and it would pile up.
for (const stream of [process.stdout, process.stderr]) stream.write = () => true

const loaded = await loadOnnx(setup)
if ('fault' in loaded) tell({ kind: 'fault', fault: loaded.fault })
else {
  const take = turns()
  tell({ kind: 'ready', about: loaded.model.about })
  parentPort?.on('message', (question: OnnxQuestion) => void read(loaded.model, question, take))
}

type Take = <T>(work: () => Promise<T>) => Promise<T>

/** One window after the other, and of several texts in turn: a long one does not hold up a short one. */
function turns(): Take {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const mine = last.then(() => soon()).then(work)
    last = mine.catch(() => undefined)
    return mine
  }
}

async function read(model: OnnxModel, { id, text, untilMs }: OnnxQuestion, take: Take): Promise<void> {
  try {
    const { windows, left } = await take(async () => model.windowsOf(text))
    for (const window of windows) {
      const found = await take(async () => (Date.now() > untilMs ? undefined : await model.scoreOf(window)))
      if (found === undefined) return
      if ('why' in found) throw new Error(found.why)
      tell({ kind: 'window', id, score: found.score, span: window.span })
    }
    tell({ kind: 'done', id, left })
  } catch (cause) {
    tell({ kind: 'broken', id, why: cause instanceof Error ? cause.message.slice(0, 120) : 'it broke' })
  }
}
