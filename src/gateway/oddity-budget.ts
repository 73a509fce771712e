import type { ServerName } from '../core/brand.ts'
import type { WireOddity } from '../wire/link.ts'

type Report = (server: ServerName | undefined, what: WireOddity) => void

/** Oddities of one kind and one server that are kept in one window; how many more there were is told with the next. */
const keptMax = 20
const windowMs = 10_000
const kindsMax = 1000

type Window = { fromMs: number; kept: number; dropped: number }

/**
 * Lets through so many oddities in a while. Whoever prints broken lines by the million would else write the record full,
 * where nobody finds anything any more, and then the disk.
 */
export function oddityBudget(report: Report, now: () => number = Date.now): Report {
  const windows = new Map<string, Window>()
  return (server, what) => {
    const key = `${what.code} ${server ?? ''}`
    const nowMs = now()
    const known = windows.get(key)
    if (known === undefined && windows.size >= kindsMax) windows.clear()
    const window = known ?? { fromMs: nowMs, kept: 0, dropped: 0 }
    windows.set(key, window)
    if (nowMs - window.fromMs >= windowMs) Object.assign(window, { fromMs: nowMs, kept: 0 })
    if (window.kept >= keptMax) {
      window.dropped += 1
      return
    }
    window.kept += 1
    const detail =
      window.dropped === 0 ? what.detail : `${what.detail}, after ${window.dropped} more that were not kept`
    window.dropped = 0
    report(server, { ...what, detail })
  }
}
