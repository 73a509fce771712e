import type { Readable } from 'node:stream'
import { lineReader } from './lines.ts'
import type { WireOddity } from './link.ts'

const lineBytesMax = 4096
const sampleBytes = 200
const linesPerWindow = 20
const windowMs = 10_000

/**
 * Reports what a server writes to its error output, line by line, so many in a window; the rest is counted and told
 * when the next line gets through. Always read, so that a talkative server never blocks on it.
 */
export function reportStderr(
  stream: Readable,
  oddity: (what: WireOddity) => void,
  now = () => performance.now(),
): void {
  const budget = { from: now(), left: linesPerWindow, dropped: 0 }
  const report = (line: Uint8Array): void => {
    if (now() - budget.from > windowMs) Object.assign(budget, { from: now(), left: linesPerWindow })
    if (budget.left === 0) {
      budget.dropped++
      return
    }
    budget.left--
    const dropped = budget.dropped === 0 ? '' : `, after ${budget.dropped} lines that were not kept`
    budget.dropped = 0
    oddity({ code: 'stderr', detail: `${line.length} bytes${dropped}`, sample: sampleOf(line) })
  }
  const reader = lineReader(lineBytesMax, { line: report, tooLong: report })
  stream.on('data', (chunk: Uint8Array) => reader.push(chunk))
  stream.once('end', () => reader.end())
}

/** At most 200 bytes of what came, as text. */
export function sampleOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, sampleBytes)).toString('utf8')
}
