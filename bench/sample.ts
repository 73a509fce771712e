import { readdirSync, readFileSync } from 'node:fs'

/** The value in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  if (sorted.length === 0) return Number.NaN
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

/** Processor time of a process so far in microseconds, by the scheduler's own count; children are not in it. */
export function cpuMicros(pid: number): number {
  let sum = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      sum += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1000
    } catch {
      // The thread ended between the listing and the reading.
    }
  }
  return sum
}

export function rssMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/u.exec(status)?.[1] ?? Number.NaN) / 1024
}

/** Every process under one, itself included. */
export function family(pid: number): number[] {
  try {
    const below = readdirSync(`/proc/${pid}/task`).flatMap(thread =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
    return [pid, ...below.flatMap(family)]
  } catch {
    return []
  }
}

/** Fails a wait that would otherwise hold the whole run. */
export async function within<T>(ms: number, what: string, wanted: Promise<T>): Promise<T> {
  let late: NodeJS.Timeout | undefined
  const alarm = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(`${what}: nothing within ${ms} ms`)), ms)
  })
  return await Promise.race([wanted, alarm]).finally(() => clearTimeout(late))
}
