import { atLeast, atMost, type Goal, type Scenario } from '../goal.ts'
import { type Hops, measureHops, ratio } from '../hops.ts'
import { installPeers } from '../peers.ts'
import { hopTable } from '../table.ts'
import { httpTargets, seenBefore, withoutText } from '../targets.ts'

const lengths = [200, 10_000, 1_000_000]

/** Client and server over Streamable HTTP, with our gateway, the floor and other people's proxies in between. */
export const http: Scenario = {
  about: 'HTTP client → HTTP or stdio server, everything on',
  async run({ rounds, say }) {
    const why = installPeers()
    if (why) say(`   ${why}`)
    const hops = await measureHops(httpTargets, { lengths, rounds, say })
    for (const line of hopTable(hops, { base: 'direct', lengths })) say(line)
    return goalsOf(hops).map(goal => ({ ...goal, scenario: 'http' }))
  },
}

function goalsOf(hops: Hops): Omit<Goal, 'scenario'>[] {
  const floor = ['ours', 'parse and forward'] as const
  const against = (name: string) => ratio(hops, [name, 'parse and forward'], [10_000, 'p50'])
  const note = `text seen before ${against(seenBefore).toFixed(1)} ×, not read ${against(withoutText).toFixed(1)} ×`
  return [
    { ...atMost(1.3, '×', '10 KB: p50 against parse and forward'), measured: against('ours'), note },
    {
      ...atLeast(3, '×', '10 KB: calls a second against npm mcp-proxy, both to stdio'),
      measured: ratio(hops, ['ours to stdio', 'mcp-proxy'], [10_000, 'perSecond']),
    },
    { ...atMost(2, '×', '1 MB: p50 against parse and forward'), measured: ratio(hops, floor, [1_000_000, 'p50']) },
  ]
}
