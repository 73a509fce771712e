export type LineEvents = {
  /** One line without its end. The bytes are only borrowed from the chunk they came in; nobody changes them. */
  line(bytes: Uint8Array): void
  /** A line beyond the limit: its first bytes, once; the rest is dropped up to its line feed. */
  tooLong(head: Uint8Array): void
}

export type LineReader = {
  push(chunk: Uint8Array): void
  /** The stream is over: what has no line end is a line all the same. */
  end(): void
}

/** Splits a byte stream at line feeds. Each byte is looked at once, and copied only when a line spans chunks. */
export function lineReader(bytesMax: number, events: LineEvents): LineReader {
  let parts: Uint8Array[] = []
  let held = 0
  let isDropping = false

  function take(part: Uint8Array): void {
    held += part.length
    if (!isDropping) parts.push(part)
    if (held <= bytesMax || isDropping) return
    isDropping = true
    events.tooLong(join(parts, held).subarray(0, headBytes))
    parts = []
  }

  function finish(): void {
    const line = isDropping ? noBytes : withoutReturn(join(parts, held))
    isDropping = false
    parts = []
    held = 0
    if (line.length > 0) events.line(line)
  }

  return {
    push(chunk) {
      let from = 0
      for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
        if (held === 0 && at - from <= bytesMax) {
          const line = withoutReturn(chunk.subarray(from, at))
          if (line.length > 0) events.line(line)
        } else {
          take(chunk.subarray(from, at))
          finish()
        }
        from = at + 1
      }
      if (from < chunk.length) take(chunk.subarray(from))
    },
    end: finish,
  }
}

/** The message with blanks for the line breaks between its tokens, so that nobody who splits lines can see two. */
export function asOneLine(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes, byte => (byte === lineFeed || byte === carriageReturn ? blank : byte))
}

const [lineFeed, carriageReturn, blank] = [10, 13, 32]
/** Enough to find the id of a message that is refused for its length. */
const headBytes = 64 * 1024
const noBytes = new Uint8Array(0)

function join(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  return parts.length === 1 ? (parts[0] ?? noBytes) : Buffer.concat(parts, bytes)
}

function withoutReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === carriageReturn ? line.subarray(0, -1) : line
}
