import { PerformanceObserver, performance } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * What the young part of the heap may grow to. V8 lets it grow to 128 MiB under load and never gives that back, to save a
 * collection that takes a fiftieth of a call; its own bound can only be set on the command line of Node, but growing can be
 * ended at any time.
 */
export const youngHeapMaxBytes = 16 * 1024 * 1024
const mib = 1024 * 1024
const halves = 2

/** When a process that has nothing to do gives memory back: after how long, how often at most, and what counts as nothing. */
export const restBounds = { quietMs: 1000, everyMs: 60_000, busyShareMax: 0.1, youngBytesMin: 4 * mib } as const

/**
 * Ends the growth of the young part of the heap once it is large enough, has it collected by one thread, and gives it back
 * once nothing happens.
 */
export function boundYoungHeap(): void {
  // Little of it survives a collection: waking the other threads takes longer than what they do.
  setFlagsFromString('--no-parallel-scavenge')
  let isBound = false
  let wait: NodeJS.Timeout | undefined
  let restedMs = Number.NEGATIVE_INFINITY
  const lookForQuiet = (): void => {
    const before = performance.eventLoopUtilization()
    wait = setTimeout(() => {
      if (performance.eventLoopUtilization(before).utilization > restBounds.busyShareMax) return lookForQuiet()
      wait = undefined
      restedMs = performance.now()
      isBound = false
      giveBack()
    }, restBounds.quietMs).unref()
  }
  const waitForQuiet = (): void => {
    const early = restedMs + restBounds.everyMs - performance.now()
    if (wait === undefined) wait = setTimeout(lookForQuiet, Math.max(0, early)).unref()
  }
  // It only grows when it is collected, and where nothing is collected there is nothing to give back.
  const observer = new PerformanceObserver(() => {
    const bytes = youngBytes()
    if (!isBound && bytes >= youngHeapMaxBytes) {
      isBound = true
      endGrowth()
    }
    if (bytes >= restBounds.youngBytesMin) waitForQuiet()
  })
  observer.observe({ entryTypes: ['gc'] })
  isBound = youngBytes() >= youngHeapMaxBytes
  if (isBound) endGrowth()
  if (youngBytes() >= restBounds.youngBytesMin) waitForQuiet()
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0
}

function endGrowth(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
  // The flags are the whole process's: threads that start from now on could not grow either, so they begin where this ends.
  setFlagsFromString(`--min-semi-space-size=${youngHeapMaxBytes / halves / mib}`)
}

let collect: unknown

/** The one kind of collection that gives the young part back. It may grow again afterwards. */
function giveBack(): void {
  setFlagsFromString('--semi-space-growth-factor=2')
  if (collect === undefined) {
    setFlagsFromString('--expose-gc')
    collect = runInNewContext('gc')
    setFlagsFromString('--no-expose-gc')
  }
  if (typeof collect === 'function') collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
