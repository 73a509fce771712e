import assert from 'node:assert/strict'
import test from 'node:test'
import { modelOptions } from '../config/settings.ts'
import { defaultsOf } from '../core/option.ts'
import { proveModel } from './prove-model.ts'

test('a model behind an address is proved by nobody; one in a file that is not there has a fault', async () => {
  const model = { ...defaultsOf(modelOptions), key: undefined }
  assert.deepEqual(await proveModel({ ...model, onnx: undefined }), [])
  const [fault] = await proveModel({ ...model, onnx: { ...model.onnx, file: '/nowhere/a.onnx' } })
  assert.deepEqual(fault?.path, ['onnx', 'file'])
})
