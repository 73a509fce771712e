/** Writes files in ONNX format: the few messages of its protobuf that a small graph needs. */
export type Graph = {
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  readonly constants: readonly Constant[]
  readonly nodes: readonly GraphNode[]
}

export type Value = {
  readonly name: string
  readonly type: 'float' | 'int64' | 'int32'
  readonly dims: readonly (number | string)[]
}
export type Constant = {
  readonly name: string
  readonly dims: readonly number[]
  readonly data: Float32Array | BigInt64Array
  /** Its numbers are said to lie in this file instead. */
  readonly inFile?: string
}
export type GraphNode = {
  readonly op: string
  readonly in: readonly string[]
  readonly out: string
  readonly ints?: Readonly<Record<string, number>>
}

const types = { float: 1, int32: 6, int64: 7 } as const
const opset = 13

export function onnxFile({ inputs, outputs, constants, nodes }: Graph): Uint8Array {
  const graph = [
    ...nodes.map(node => field(1, nodeBytes(node))),
    text(2, 'g'),
    ...constants.map(constant => field(5, constantBytes(constant))),
    ...inputs.map(value => field(11, valueBytes(value))),
    ...outputs.map(value => field(12, valueBytes(value))),
  ]
  return Buffer.concat([number(1, 8), field(7, Buffer.concat(graph)), field(8, number(2, opset))])
}

function nodeBytes({ op, in: from, out, ints = {} }: GraphNode): Uint8Array {
  const attributes = Object.entries(ints).map(([name, value]) =>
    field(5, Buffer.concat([text(1, name), number(3, value), number(20, 2)])),
  )
  return Buffer.concat([...from.map(name => text(1, name)), text(2, out), text(4, op), ...attributes])
}

function constantBytes({ name, dims, data, inFile }: Constant): Uint8Array {
  const type = data instanceof Float32Array ? types.float : types.int64
  const raw = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  const about = [...dims.map(dim => number(1, dim)), number(2, type), text(8, name)]
  if (inFile === undefined) return Buffer.concat([...about, field(9, raw)])
  const place = Object.entries({ location: inFile, offset: '0', length: String(raw.length) })
  const entries = place.map(([key, value]) => field(13, Buffer.concat([text(1, key), text(2, value)])))
  return Buffer.concat([...about, ...entries, number(14, 1)])
}

function valueBytes({ name, type, dims }: Value): Uint8Array {
  const shape = dims.map(dim => field(1, typeof dim === 'number' ? number(1, dim) : text(2, dim)))
  const tensor = Buffer.concat([number(1, types[type]), field(2, Buffer.concat(shape))])
  return Buffer.concat([text(1, name), field(2, field(1, tensor))])
}

function number(tag: number, value: number): Uint8Array {
  return Buffer.concat([varint(tag << 3), varint(value)])
}

function text(tag: number, value: string): Uint8Array {
  return field(tag, Buffer.from(value))
}

function field(tag: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([varint((tag << 3) | 2), varint(bytes.length), bytes])
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128)
  return Uint8Array.from([...bytes, rest])
}
