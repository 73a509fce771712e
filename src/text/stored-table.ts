import { readFileSync } from 'node:fs'

/** The arrays that a table is made of, as bytes. */
export type Parts = readonly Uint8Array[]

/** A table that takes longer to make than to read. `npm run build` lays it beside the bundle. */
export type Table = { readonly name: string; readonly make: () => Parts }

/** Each table that lies beside the bundle, with what marks it as made from the same sources; the build puts them here. */
declare const storedTables: string | undefined

/** The parts of a table: read where it was built, and made where it was not or is not what was built. */
export function partsOfTable({ name, make }: Table): Parts {
  const stored = typeof storedTables === 'undefined' ? [] : storedTables.split(' ')
  const mark = stored.find(each => each.startsWith(`${name}:`))?.slice(name.length + 1)
  return (mark === undefined ? undefined : readTable(name, mark)) ?? make()
}

function readTable(name: string, mark: string): Parts | undefined {
  try {
    return tableIn(readFileSync(new URL(`./${name}.table`, import.meta.url)), mark)
  } catch {
    // It can be made as well: no reason to stop.
    return undefined
  }
}

/** A table as a file: its mark, how many parts there are, how long each is, and the parts. */
export function bytesOfTable(mark: string, parts: Parts): Uint8Array {
  const head = [parts.length, ...parts.map(({ length }) => length)]
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + aligned(length), headBytes(parts.length)))
  new TextEncoder().encodeInto(mark.padEnd(markBytes).slice(0, markBytes), bytes)
  const view = new DataView(bytes.buffer)
  for (const [i, number] of head.entries()) view.setUint32(markBytes + i * 4, number, true)
  let at = headBytes(parts.length)
  for (const part of parts) {
    bytes.set(part, at)
    at += aligned(part.length)
  }
  return bytes
}

/** The parts in a file; undefined of one that has another mark or another length than it says. */
export function tableIn(file: Uint8Array, mark: string): Parts | undefined {
  const isFit = isLittle && file.length >= markBytes + 4
  if (!isFit || new TextDecoder().decode(file.subarray(0, markBytes)) !== mark.padEnd(markBytes).slice(0, markBytes))
    return undefined
  // A short file is read into a part of a pool, where numbers of four bytes may lie across their borders.
  const bytes = file.byteOffset % alignment === 0 ? file : file.slice()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = view.getUint32(markBytes, true)
  let at = headBytes(count)
  if (count > partsMax || at > bytes.length) return undefined
  const parts: Uint8Array[] = []
  for (let i = 0; i < count; i++) {
    const length = view.getUint32(markBytes + 4 + i * 4, true)
    parts.push(bytes.subarray(at, at + length))
    at += aligned(length)
  }
  return at === bytes.length ? parts : undefined
}

/** The bytes of an array. */
export function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array | Uint16Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

/** Bytes as numbers of two. */
export function shortsOf(bytes: Uint8Array | undefined): Uint16Array {
  const { buffer, byteOffset, byteLength } = bytes ?? new Uint8Array(0)
  return new Uint16Array(buffer, byteOffset, byteLength / 2)
}

/** Bytes as numbers of four. */
export function intsOf(bytes: Uint8Array | undefined): Int32Array {
  const { buffer, byteOffset, byteLength } = bytes ?? new Uint8Array(0)
  return new Int32Array(buffer, byteOffset, byteLength / 4)
}

const markBytes = 16
const alignment = 8
const partsMax = 64
// The files are written with the low byte first; a processor that reads them otherwise makes its tables itself.
const isLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

function headBytes(parts: number): number {
  return aligned(markBytes + 4 + parts * 4)
}

function aligned(length: number): number {
  return Math.ceil(length / alignment) * alignment
}
