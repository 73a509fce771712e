import type { Writable } from 'node:stream'

export type LineWriter = {
  /** Queues one line. The promise is the same settled one until the reader is slow; then it waits for it. */
  write(line: Uint8Array): Promise<void>
  /** Ends the stream after what was queued. */
  end(): void
  /** Queued here or in the stream, not yet taken by the system. */
  readonly heldBytes: () => number
}

const done = Promise.resolve()
const lineEnd = Buffer.from('\n')
/** Lines up to this size are copied into one write; beyond it a copy costs more than a second buffer. */
const copyBytesMax = 32 * 1024

/** Writes lines in order, all that are queued in one turn with one system call. */
export function lineWriter(stream: Writable): LineWriter {
  let queue: Uint8Array[] = []
  let queued = 0
  let drain: PromiseWithResolvers<void> | undefined
  const release = (): void => {
    drain?.resolve()
    drain = undefined
  }
  stream.on('drain', release)
  stream.once('close', release)

  function flush(): void {
    const lines = queue
    const bytes = queued
    queue = []
    queued = 0
    if (stream.destroyed || stream.writableEnded || writeLines(stream, lines, bytes)) release()
  }

  return {
    write(line) {
      if (stream.destroyed || stream.writableEnded) return done
      if (queue.length === 0) process.nextTick(flush)
      queue.push(line, lineEnd)
      queued += line.length + 1
      if (queued + stream.writableLength < stream.writableHighWaterMark && !stream.writableNeedDrain) return done
      drain ??= Promise.withResolvers()
      return drain.promise
    },
    end() {
      if (queue.length > 0) flush()
      stream.end()
    },
    heldBytes: () => queued + stream.writableLength,
  }
}

/** Whether the stream wants more. */
function writeLines(stream: Writable, parts: readonly Uint8Array[], bytes: number): boolean {
  if (bytes <= copyBytesMax) return stream.write(Buffer.concat(parts, bytes))
  stream.cork()
  for (const part of parts) stream.write(part)
  stream.uncork()
  return !stream.writableNeedDrain
}
