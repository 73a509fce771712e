import type { EventMark } from './link.ts'

/** One event as it came. `data` is absent where no data line came, and empty where one came without content. */
export type SseEvent = {
  readonly name?: string
  readonly id?: string
  readonly retryMs?: number
  readonly data?: Uint8Array
  readonly comment?: string
  /** The event was larger than allowed; all of it up to the next one was discarded. */
  readonly isTooLong?: true
}

export type SseParser = { push(chunk: Uint8Array): readonly SseEvent[] }

/**
 * An incremental reader of `text/event-stream`. It works on bytes and decodes nothing but names and ids, so a character
 * cut in two by the network needs no care, and the data keeps its bytes.
 */
export function sseParser(eventBytesMax: number): SseParser {
  const state: State = {
    eventBytesMax,
    held: [],
    heldBytes: 0,
    blockBytes: 0,
    isAfterCr: false,
    isAtStart: true,
    isSkipping: false,
    block: {},
    data: [],
    out: [],
  }
  return { push: chunk => push(state, chunk) }
}

type State = {
  readonly eventBytesMax: number
  /** Pieces of a line that has not ended. While skipping only their size is kept. */
  held: Uint8Array[]
  heldBytes: number
  blockBytes: number
  isAfterCr: boolean
  isAtStart: boolean
  isSkipping: boolean
  block: Block
  data: Uint8Array[]
  out: SseEvent[]
}
type Block = { name?: string; id?: string; retryMs?: number }

const lf = 10
const cr = 13
const colon = 58
const space = 32

function push(state: State, chunk: Uint8Array): readonly SseEvent[] {
  state.out = []
  let at = state.isAfterCr && chunk[0] === lf ? 1 : 0
  if (chunk.length > 0) state.isAfterCr = false
  // Both positions are remembered: asking anew for the one that never comes would make a chunk of short lines quadratic.
  let nextLf = indexOrEnd(chunk, lf, at)
  let nextCr = indexOrEnd(chunk, cr, at)
  while (at < chunk.length) {
    if (nextLf < at) nextLf = indexOrEnd(chunk, lf, at)
    if (nextCr < at) nextCr = indexOrEnd(chunk, cr, at)
    const end = Math.min(nextLf, nextCr)
    if (end === chunk.length) {
      hold(state, chunk.subarray(at))
      break
    }
    endLine(state, chunk.subarray(at, end))
    at = end + 1
    if (end !== nextCr) continue
    if (at === chunk.length) state.isAfterCr = true
    else if (chunk[at] === lf) at++
  }
  return state.out
}

function indexOrEnd(chunk: Uint8Array, byte: number, from: number): number {
  const index = chunk.indexOf(byte, from)
  return index === -1 ? chunk.length : index
}

function hold(state: State, piece: Uint8Array): void {
  state.heldBytes += piece.length
  if (!state.isSkipping && state.blockBytes + state.heldBytes > state.eventBytesMax) skip(state)
  if (!state.isSkipping) state.held.push(piece)
}

function skip(state: State): void {
  state.isSkipping = true
  state.held = []
  state.block = {}
  state.data = []
  state.out.push({ isTooLong: true })
}

function endLine(state: State, tail: Uint8Array): void {
  const lineBytes = state.heldBytes + tail.length
  if (lineBytes === 0) {
    endBlock(state)
    return
  }
  if (!state.isSkipping && state.blockBytes + lineBytes > state.eventBytesMax) skip(state)
  const line = state.isSkipping || state.held.length === 0 ? tail : Buffer.concat([...state.held, tail], lineBytes)
  state.held = []
  state.heldBytes = 0
  if (!state.isSkipping) takeLine(state, withoutMark(state, line))
}

/** A byte order mark may stand at the very start of a stream and nowhere else. */
function withoutMark(state: State, line: Uint8Array): Uint8Array {
  const isMarked = state.isAtStart && line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf
  state.isAtStart = false
  return isMarked ? line.subarray(3) : line
}

function takeLine(state: State, line: Uint8Array): void {
  if (line.length === 0) return
  const at = line.indexOf(colon)
  const value = at === -1 ? line.subarray(line.length) : line.subarray(at + (line[at + 1] === space ? 2 : 1))
  // Comments are told at once and do not count towards the event: a stream may carry nothing else for hours.
  if (at === 0) {
    state.out.push({ comment: utf8(value) })
    return
  }
  state.blockBytes += line.length + 1
  setField(state, utf8(at === -1 ? line : line.subarray(0, at)), value)
}

function setField(state: State, name: string, value: Uint8Array): void {
  switch (name) {
    case 'data':
      state.data.push(value)
      break
    case 'event':
      state.block.name = utf8(value)
      break
    case 'id':
      if (!value.includes(0)) state.block.id = utf8(value)
      break
    case 'retry': {
      const digits = utf8(value)
      if (/^\d{1,9}$/u.test(digits)) state.block.retryMs = Number(digits)
      break
    }
    default: // unknown fields are ignored, as the format asks
  }
}

function endBlock(state: State): void {
  const { block, data, isSkipping } = state
  state.isAtStart = false
  state.isSkipping = false
  state.blockBytes = 0
  if (isSkipping) return
  if (data.length > 0) state.out.push({ ...block, data: joinLines(data) })
  else if (Object.keys(block).length > 0) state.out.push(block)
  state.block = {}
  state.data = []
}

function joinLines(lines: readonly Uint8Array[]): Uint8Array {
  if (lines.length === 1) return lines[0]!
  return Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line] : [newline, line])))
}

const newline = Buffer.from('\n')

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

/** Writes a message as an event. JSON that spans lines becomes several data lines, which readers join again. */
export function sseMessage(data: Uint8Array, mark: EventMark = {}): Uint8Array {
  const head = `event: message\n${fields(mark)}data: `
  if (!data.includes(lf) && !data.includes(cr)) return Buffer.concat([Buffer.from(head), data, blank])
  const lines = utf8(data).split(/\r\n|\r|\n/u)
  return Buffer.from(`${head}${lines.join('\ndata: ')}\n\n`)
}

/** Writes an event without a message: a point to resume from, a time to wait, or a comment. */
export function sseMark(mark: EventMark): Uint8Array {
  const comment = mark.comment === undefined ? '' : `: ${oneLine(mark.comment)}\n`
  const head = fields(mark)
  return Buffer.from(head === '' ? `${comment}\n` : `${comment}${head}data: \n\n`)
}

const blank = Buffer.from('\n\n')

function fields({ id, retryMs }: EventMark): string {
  const idLine = id === undefined ? '' : `id: ${oneLine(id)}\n`
  return retryMs === undefined ? idLine : `${idLine}retry: ${retryMs}\n`
}

/** A line end inside a field would start a field of the sender's choosing. */
function oneLine(text: string): string {
  return /[\r\n\0]/u.test(text) ? text.replaceAll(/[\r\n\0]+/gu, ' ') : text
}
