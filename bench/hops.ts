import { median } from './sample.ts'
import { ownRss, type Probe, type Round, round } from './stdio-probe.ts'
import type { Target } from './targets.ts'

/** Everything measured of the ways to one server: by target, by length of the answer, round by round. */
export type Hops = {
  readonly rounds: Readonly<Record<string, Readonly<Record<number, readonly Round[]>>>>
  readonly rssMib: Readonly<Record<string, number>>
  /** Targets that could not be measured, and why. */
  readonly failed: Readonly<Record<string, string>>
}

export type Plan = { readonly lengths: readonly number[]; readonly rounds: number; say(line: string): void }

/** Enough for the compiler to have seen both: a gateway runs for days. */
const warmUps = [
  { length: 200, row: 150, burst: 3000 },
  { length: 10_000, row: 50, burst: 150 },
]
const slowShare = 8

/** Opens all targets at once and takes turns, in an order that rotates: what disturbs one round disturbs all alike. */
export async function measureHops(targets: readonly Target[], plan: Plan): Promise<Hops> {
  const failed: Record<string, string> = {}
  const open = new Map<Target, Probe>()
  const rounds: Kept = {}
  const rssMib: Record<string, number> = {}
  const attempt = async (target: Target, run: () => Promise<void>) => {
    if (failed[target.name] !== undefined) return
    await run().catch(error => {
      failed[target.name] = String(error).split('\n')[0] ?? ''
      plan.say(`   ${target.name}: ${failed[target.name]}`)
    })
  }
  try {
    for (const target of targets)
      await attempt(target, async () => {
        const probe = await target.open()
        open.set(target, probe)
        for (const { length, ...counts } of warmUps) await round(probe, length, scaled(target, counts))
      })
    for (const length of plan.lengths)
      for (let turn = 0; turn < plan.rounds; turn++)
        for (const target of rotated([...open.keys()], turn).filter(({ lengthMax = length }) => length <= lengthMax))
          await attempt(target, async () => {
            const seen = await round(open.get(target)!, length, scaled(target, countsFor(length)))
            keep(rounds, [target.name, length], seen)
          })
    for (const [target, probe] of open) if (failed[target.name] === undefined) rssMib[target.name] = ownRss(probe)
  } finally {
    for (const probe of open.values()) await probe.close()
  }
  return { rounds, rssMib, failed }
}

type Kept = Record<string, Record<number, Round[]>>

function keep(rounds: Kept, [name, length]: readonly [string, number], seen: Round): void {
  const ofTarget = rounds[name] ?? {}
  rounds[name] = ofTarget
  ofTarget[length] = [...(ofTarget[length] ?? []), seen]
}

function countsFor(length: number): { row: number; burst: number } {
  if (length <= 1000) return { row: 300, burst: 2000 }
  if (length <= 50_000) return { row: 150, burst: 600 }
  return length <= 2_000_000 ? { row: 8, burst: 8 } : { row: 2, burst: 0 }
}

function scaled(target: Target, counts: { row: number; burst: number }): { row: number; burst: number } {
  if (!target.isSlow) return counts
  return { row: Math.max(2, Math.ceil(counts.row / slowShare)), burst: Math.ceil(counts.burst / slowShare) }
}

function rotated<T>(items: readonly T[], turn: number): readonly T[] {
  const from = turn % Math.max(1, items.length)
  return [...items.slice(from), ...items.slice(0, from)]
}

export type Figure = 'p50' | 'p99' | 'perSecond' | 'cpu'

/** The median over rounds of one figure; NaN when it was not measured. */
export function figure(hops: Hops, name: string, [length, which]: readonly [number, Figure]): number {
  return median((hops.rounds[name]?.[length] ?? []).map(seen => seen[which]))
}

/** The median of ratios within each round: what is the same for both drops out. */
export function ratio(hops: Hops, [name, base]: readonly [string, string], [length, which]: readonly [number, Figure]) {
  const [above, below] = [hops.rounds[name]?.[length] ?? [], hops.rounds[base]?.[length] ?? []]
  const pairs = above.slice(0, below.length).map((seen, i) => seen[which] / (below[i]?.[which] ?? Number.NaN))
  return median(pairs)
}
