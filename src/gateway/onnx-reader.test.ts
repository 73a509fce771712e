import assert from 'node:assert/strict'
import { join } from 'node:path'
import test from 'node:test'
import { temporaryFolder } from '../../test/temporary.ts'
import { modelOptions } from '../config/settings.ts'
import { defaultsOf } from '../core/option.ts'
import { openOnnxReader } from './onnx-reader.ts'

function openWithout(deadlineMs: number) {
  const runtimeBeside = join(temporaryFolder(), 'package.json')
  return openOnnxReader({ ...defaultsOf(modelOptions), key: undefined, deadlineMs, runtimeBeside })
}

test('a thread that cannot load its model says why, and each question is answered with silence', async () => {
  const reader = openWithout(20_000)
  const found = await reader.ready
  assert.match('fault' in found ? found.fault.text : '', /not installed/u)
  const { score, silent, left } = await reader.read('four')
  assert.deepEqual([score, left], [undefined, 4])
  assert.match(silent ?? '', /^it is not there: needs packages/u)
  await reader.close()
})

test('a model that fails again and again is left alone for a while instead of being loaded for each message', async () => {
  const reader = openWithout(20_000)
  await reader.ready
  const said: (string | undefined)[] = []
  for (let n = 0; n < 4; n++) said.push((await reader.read('x')).silent)
  assert.match(said[0] ?? '', /^it is not there/u)
  assert.match(said.at(-1) ?? '', /rests for a minute/u)
  await reader.close()
})

test('a question that is asked while the model is loaded waits no longer than its deadline', async () => {
  const reader = openWithout(1)
  const { silent } = await reader.read('x')
  assert.match(silent ?? '', /still being loaded|not there/u)
  await reader.close()
  assert.match((await reader.read('x')).silent ?? '', /stopped|rests/u)
})
