import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { temporaryFolder } from '../../test/temporary.ts'
import { modelOptions } from '../config/settings.ts'
import { defaultsOf } from '../core/option.ts'
import { loadOnnx } from './onnx-model.ts'

// What a model does once it runs is tested where there is something to run it: test/onnx.
test('without what runs it a model is a fault with the way out, whatever its file is', async () => {
  const { onnx } = defaultsOf(modelOptions)
  const loaded = await loadOnnx({ onnx, runtimeBeside: join(temporaryFolder(), 'package.json') })
  assert.ok('fault' in loaded)
  assert.deepEqual(loaded.fault.path, ['onnx', 'file'])
  assert.match(loaded.fault.text, /^needs packages that run it, and they are not installed; run: /u)
})
