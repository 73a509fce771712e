import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import test from 'node:test'
import { Worker } from 'node:worker_threads'
import { temporaryFolder } from '../../test/temporary.ts'
import { modelOptions } from '../config/settings.ts'
import { defaultsOf } from '../core/option.ts'
import type { OnnxSetup, OnnxSign } from './onnx-kinds.ts'

test('the thread tells what is wrong with its model, and then ends by itself', async () => {
  const { onnx } = defaultsOf(modelOptions)
  const workerData: OnnxSetup = { onnx, runtimeBeside: join(temporaryFolder(), 'package.json') }
  const worker = new Worker(new URL('./onnx-thread.ts', import.meta.url), { workerData })
  const ended = once(worker, 'exit')
  const [sign]: OnnxSign[] = await once(worker, 'message')
  assert.equal(sign?.kind, 'fault')
  assert.deepEqual(await ended, [0])
})
