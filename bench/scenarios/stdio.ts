import { atMost, type Goal, type Scenario } from '../goal.ts'
import { type Figure, figure, type Hops, measureHops, ratio } from '../hops.ts'
import { hopTable } from '../table.ts'
import { seenBefore, stdioTargets, withoutText } from '../targets.ts'

const lengths = [200, 10_000, 1_000_000, 9_000_000]

/** Client and server on a line each, with different things in between. */
export const stdio: Scenario = {
  about: 'stdio client → stdio server, everything on',
  async run({ rounds, say }) {
    const hops = await measureHops(stdioTargets, { lengths, rounds, say })
    for (const line of hopTable(hops, { base: 'direct', lengths })) say(line)
    return goalsOf(hops).map(goal => ({ ...goal, scenario: 'stdio' }))
  },
}

function goalsOf(hops: Hops): Omit<Goal, 'scenario'>[] {
  const floor = ['ours', 'parse and forward'] as const
  const growth = figure(hops, 'ours', [9_000_000, 'p50']) / figure(hops, 'ours', [1_000_000, 'p50'])
  const parts = (show: (name: string) => number, unit: string): string =>
    `text seen before ${show(seenBefore).toFixed(1)} ${unit}, not read ${show(withoutText).toFixed(1)} ${unit}`
  const times = (base: string, what: readonly [number, Figure]) => ({
    measured: ratio(hops, ['ours', base], what),
    note: parts(name => ratio(hops, [name, base], what), '×'),
  })
  const cpu = {
    measured: figure(hops, 'ours', [200, 'cpu']),
    note: parts(name => figure(hops, name, [200, 'cpu']), 'µs'),
  }
  return [
    { ...atMost(4, '×', '200 B: p50 against direct'), ...times('direct', [200, 'p50']) },
    { ...atMost(40, 'µs', '200 B: CPU a call'), ...cpu },
    { ...atMost(6, '×', '10 KB: p50 against direct'), ...times('direct', [10_000, 'p50']) },
    {
      ...atMost(0.8, '×', '10 KB: CPU against an SDK v1 pass-through'),
      ...times('SDK v1 pass-through', [10_000, 'cpu']),
    },
    { ...atMost(2, '×', '1 MB: p50 against parse and forward'), measured: ratio(hops, floor, [1_000_000, 'p50']) },
    { ...atMost(11, '×', '9 MB: p50 against 1 MB'), measured: growth },
  ]
}
