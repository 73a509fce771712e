import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/**
 * What the young part of the heap may grow to. V8 lets it grow to 128 MiB under load and never gives that back, to save a
 * collection that takes a fiftieth of a call; its own bound can only be set on the command line of Node, but growing can be
 * ended at any time.
 */
export const youngHeapMaxBytes = 16 * 1024 * 1024
const mib = 1024 * 1024
const halves = 2

/** Ends the growth of the young part of the heap once it is large enough, and has it collected by one thread. */
export function boundYoungHeap(): void {
  // Little of it survives a collection: waking the other threads takes longer than what they do.
  setFlagsFromString('--no-parallel-scavenge')
  if (isGrown()) return
  const observer = new PerformanceObserver(() => {
    if (isGrown()) observer.disconnect()
  })
  // It only grows when it is collected.
  observer.observe({ entryTypes: ['gc'] })
}

function isGrown(): boolean {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
  if (young === undefined || young.space_size < youngHeapMaxBytes) return false
  setFlagsFromString('--semi-space-growth-factor=1')
  // The flags are the whole process's: threads that start from now on could not grow either, so they begin where this ends.
  setFlagsFromString(`--min-semi-space-size=${youngHeapMaxBytes / halves / mib}`)
  return true
}
