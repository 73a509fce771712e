import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { temporaryFolder } from '../../test/temporary.ts'
import { modelOptions } from '../config/settings.ts'
import { defaultsOf } from '../core/option.ts'
import { proveOnnx, takeOnnx } from './onnx-proof.ts'

test('what cannot be proved is a fault of the option that is to blame, and is not kept for anybody', async () => {
  const config = { ...defaultsOf(modelOptions), key: undefined }
  const [fault, ...others] = await proveOnnx(config, join(temporaryFolder(), 'package.json'))
  assert.deepEqual([fault?.path, others], [['onnx', 'file'], []])
  const reader = takeOnnx(config)
  assert.ok('fault' in (await reader.ready))
  await reader.close()
})

test('a configuration without a file has nothing to prove', async () => {
  await assert.rejects(proveOnnx({ ...defaultsOf(modelOptions), key: undefined, onnx: undefined }), /no file/u)
})
