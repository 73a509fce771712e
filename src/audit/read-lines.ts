import { open } from 'node:fs/promises'
import { lineCharsMax } from './chain.ts'

export type Line = {
  readonly number: number
  readonly text: string
  /** Where the line behind it begins. */
  readonly end: number
  /** False for a last line without its newline: half written, or being written now. */
  readonly isWhole: boolean
}

/** The lines of a file, in batches, from a byte offset on. Memory stays bounded however long a line is. */
export async function* readLines(
  path: string,
  from: { offset: number; number: number } = start,
): AsyncGenerator<Line[]> {
  const file = await open(path, 'r')
  try {
    const chunk = Buffer.alloc(chunkBytes)
    let state: State = { rest: Buffer.alloc(0), skipped: 0, number: from.number, end: from.offset }
    for (let offset = from.offset; ; ) {
      const { bytesRead } = await file.read(chunk, 0, chunkBytes, offset)
      if (bytesRead === 0) break
      offset += bytesRead
      const lines: Line[] = []
      state = split(state, chunk.subarray(0, bytesRead), lines)
      if (lines.length > 0) yield lines
    }
    if (state.rest.length + state.skipped > 0) yield [lastOf(state)]
  } finally {
    await file.close()
  }
}

const start = { offset: 0, number: 0 }
const chunkBytes = 262_144
const lineBytesMax = lineCharsMax * 4

type State = { readonly rest: Buffer; readonly skipped: number; readonly number: number; readonly end: number }

function split(state: State, chunk: Buffer, lines: Line[]): State {
  let { rest, skipped, number, end } = state
  let from = 0
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
    const bytes = Buffer.concat([rest, chunk.subarray(from, at)])
    end += skipped + bytes.length + 1
    number++
    // A line beyond the limit is no record; its beginning is enough to say so.
    lines.push({ number, text: bytes.toString('utf8'), end, isWhole: true })
    rest = Buffer.alloc(0)
    skipped = 0
    from = at + 1
  }
  const left = chunk.subarray(from)
  const kept = left.subarray(0, Math.max(0, lineBytesMax - rest.length))
  return { rest: Buffer.concat([rest, kept]), skipped: skipped + left.length - kept.length, number, end }
}

function lastOf({ rest, skipped, number, end }: State): Line {
  return { number: number + 1, text: rest.toString('utf8'), end: end + rest.length + skipped, isWhole: false }
}
