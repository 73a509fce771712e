import { type SenseNet, senseShape } from './sense-net.ts'
import { senseMarks } from './sense-token.ts'

const magic = 0x53504e31
const headBytes = 16
const { reach, width, filters } = senseShape
const span = reach * width
const floats = filters * span + 2 * filters

/** Reads the file of a net: magic, scale, bias, how many words; filters, keys, rows. */
export function senseNetFrom(bytes: Uint8Array): SenseNet {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const words = bytes.length < headBytes ? 0 : view.getUint32(12)
  const rows = (senseMarks.length + words) * width
  if (words === 0 || view.getUint32(0) !== magic || bytes.length !== headBytes + 4 * (floats + words) + rows)
    throw new Error(`the net for the sense of words is not one of ours: ${bytes.length} bytes; reinstall the package`)
  const floatsAt = (from: number, count: number) =>
    Float32Array.from({ length: count }, (_, i) => view.getFloat32(headBytes + 4 * (from + i)))
  const keysAt = headBytes + 4 * floats
  return {
    keys: Int32Array.from({ length: words }, (_, i) => view.getInt32(keysAt + 4 * i)),
    rows: new Int8Array(bytes.buffer, bytes.byteOffset + keysAt + 4 * words, rows),
    scale: view.getFloat32(4),
    weights: floatsAt(0, filters * span),
    biases: floatsAt(filters * span, filters),
    out: floatsAt(filters * span + filters, filters),
    bias: view.getFloat32(8),
  }
}

export function senseNetBytes({ keys, rows, scale, weights, biases, out, bias }: SenseNet): Uint8Array {
  const bytes = new Uint8Array(headBytes + 4 * (floats + keys.length) + rows.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, magic)
  view.setFloat32(4, scale)
  view.setFloat32(8, bias)
  view.setUint32(12, keys.length)
  let at = headBytes
  for (const value of [...weights, ...biases, ...out]) {
    view.setFloat32(at, value)
    at += 4
  }
  for (const key of keys) {
    view.setInt32(at, key)
    at += 4
  }
  bytes.set(new Uint8Array(rows.buffer, rows.byteOffset, rows.length), at)
  return bytes
}
