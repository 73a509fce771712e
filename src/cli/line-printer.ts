import type { Writable } from 'node:stream'

export type LinePrinter = {
  /** Prints a line within a moment, together with others of that moment. */
  print(line: string): void
  /** Prints what waits. */
  flush(): void
}

/** Too short for anybody to notice, and long enough for a busy gateway's lines to share a write. */
const momentMs = 25
const charsMax = 64 * 1024

/** Prints lines for whoever watches. A reader that takes nothing is not waited for: `told` says how many lines it missed. */
export function linePrinter(stream: Writable, told: (missed: number) => string): LinePrinter {
  let lines: string[] = []
  let chars = 0
  let missed = 0
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (lines.length === 0) return
    stream.write(`${lines.join('\n')}\n`)
    lines = []
    chars = 0
  }
  const print = (line: string): void => {
    if (stream.writableLength > charsMax) {
      missed++
      return
    }
    if (missed > 0) lines.push(told(missed))
    missed = 0
    lines.push(line)
    chars += line.length
    if (chars > charsMax) flush()
    else timer ??= setTimeout(flush, momentMs)
  }
  return { print, flush }
}
