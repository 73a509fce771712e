import { parentPort, workerData } from 'node:worker_threads'
import type { Scene } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import { type GuardSettings, inspect, pipelineOf } from '../core/pipeline.ts'
import { guards } from '../guards/index.ts'

/** The other side of heavy.ts: runs the heavy guards on what it is sent. */
type Question =
  | { readonly id: number; readonly message: Message; readonly scene: Scene }
  | { readonly settings: GuardSettings }

const first: { settings: GuardSettings } = workerData
let pipeline = pipelineOf(guards, first.settings)

parentPort?.on('message', (question: Question) => {
  if ('settings' in question) {
    pipeline = pipelineOf(guards, question.settings)
    return
  }
  const { id, message, scene } = question
  const { findings } = inspect(pipeline, message, { scene, share: 'heavy' })
  parentPort?.postMessage({ id, findings })
})
