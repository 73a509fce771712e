import assert from 'node:assert/strict'
import test from 'node:test'
import { senseNetBytes, senseNetFrom } from './sense-file.ts'
import { keysOf, type SenseNet, senseShape } from './sense-net.ts'
import { senseMarks } from './sense-token.ts'

const { reach, width, filters } = senseShape
const keys = keysOf(['send', 'mail', 'assistant'])
const net: SenseNet = {
  keys,
  rows: Int8Array.from({ length: (senseMarks.length + keys.length) * width }, (_, i) => (i % 255) - 127),
  scale: 0.5,
  weights: Float32Array.from({ length: filters * reach * width }, (_, i) => i / 8),
  biases: new Float32Array(filters).fill(-0.25),
  out: new Float32Array(filters).fill(2),
  bias: -1.5,
}

test('a net is read back as it was written, wherever in memory its bytes lie', () => {
  const bytes = senseNetBytes(net)
  assert.deepEqual(senseNetFrom(bytes), net)
  const moved = new Uint8Array(bytes.length + 3)
  moved.set(bytes, 3)
  assert.deepEqual(senseNetFrom(moved.subarray(3)), net)
})

test('a file that is cut, longer or another kind is refused', () => {
  const bytes = senseNetBytes(net)
  const other = Uint8Array.from(bytes)
  other[0] = 0
  for (const wrong of [
    bytes.subarray(1),
    bytes.subarray(0, -1),
    new Uint8Array([...bytes, 0]),
    new Uint8Array(0),
    other,
  ])
    assert.throws(() => senseNetFrom(wrong), /not one of ours/u)
})
