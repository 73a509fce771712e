import { atMost, type Goal, type Scenario } from '../goal.ts'
import { figure, type Hops, measureHops, ratio } from '../hops.ts'
import { hopTable } from '../table.ts'
import { stdioTargets } from '../targets.ts'

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
  const direct = ['ours', 'direct'] as const
  const floor = ['ours', 'parse and forward'] as const
  const sdk = ['ours', 'SDK v1 pass-through'] as const
  const growth = figure(hops, 'ours', [9_000_000, 'p50']) / figure(hops, 'ours', [1_000_000, 'p50'])
  return [
    { ...atMost(4, '×', '200 B: p50 against direct'), measured: ratio(hops, direct, [200, 'p50']) },
    { ...atMost(40, 'µs', '200 B: CPU a call'), measured: figure(hops, 'ours', [200, 'cpu']) },
    { ...atMost(6, '×', '10 KB: p50 against direct'), measured: ratio(hops, direct, [10_000, 'p50']) },
    { ...atMost(0.8, '×', '10 KB: CPU against an SDK v1 pass-through'), measured: ratio(hops, sdk, [10_000, 'cpu']) },
    { ...atMost(2, '×', '1 MB: p50 against parse and forward'), measured: ratio(hops, floor, [1_000_000, 'p50']) },
    { ...atMost(11, '×', '9 MB: p50 against 1 MB'), measured: growth },
  ]
}
