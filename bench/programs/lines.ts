import type { Readable } from 'node:stream'

const lineFeed = 10

/** Calls back with each line; keeps a list of chunks, so that a long line is joined once. */
export function eachLine(stream: Readable, take: (line: Buffer) => void): void {
  let held: Buffer[] = []
  stream.on('data', (chunk: Buffer) => {
    let from = 0
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
      held.push(chunk.subarray(from, at))
      const [only] = held
      const line = held.length === 1 && only ? only : Buffer.concat(held)
      held = []
      from = at + 1
      if (line.length > 0) take(line)
    }
    if (from < chunk.length) held.push(chunk.subarray(from))
  })
}
