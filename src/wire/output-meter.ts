/** Says whether a stream stays within so many bytes a minute; a whole minute's worth may come at once. */
export type OutputMeter = (bytes: number, nowMs: number) => boolean

/** What was printed drains evenly, so that there is no moment at which a new minute begins and twice the amount fits. */
export function outputMeter(bytesPerMinute: number): OutputMeter {
  let held = 0
  let sinceMs = Number.NEGATIVE_INFINITY
  return (bytes, nowMs) => {
    const drained = (Math.max(0, nowMs - sinceMs) * bytesPerMinute) / 60_000
    held = Math.max(0, held - drained) + bytes
    sinceMs = nowMs
    return held <= bytesPerMinute
  }
}
