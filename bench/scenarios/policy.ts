import { compilePolicy, type LayeredRule } from '../../src/policy/compile.ts'
import { loadConditions } from '../../src/policy/condition.ts'
import { decide } from '../../src/policy/decide.ts'
import { presetSource } from '../../src/policy/preset.ts'
import type { Rule } from '../../src/policy/rule.ts'
import { messageOf, sceneOf, toolOf } from '../../test/situation.ts'
import { atMost, type Scenario } from '../goal.ts'
import { median } from '../sample.ts'

const rules = 60
const calls = 5000

/** One decision under the careful preset and sixty rules of one's own, a third of them with conditions. */
export const policy: Scenario = {
  about: `${rules} rules besides the preset`,
  async run({ rounds, say }) {
    const preset = presetSource('careful')
    const own = Array.from(
      { length: rules },
      (_, index): LayeredRule => ({ rule: ruleOf(index), layer: 'user', index }),
    )
    const compiled = compilePolicy({ ...preset, rules: [...own, ...preset.rules] }, await loadConditions())
    if (!compiled.ok) throw new Error(compiled.problems.map(({ text }) => text).join('; '))
    const scene = { ...sceneOf(), tool: toolOf({ name: 'read_text_file', inputSchema: { type: 'object' } }) }
    const times = Array.from({ length: calls * (rounds + 1) }, (_, i) => {
      const args = { path: `/srv/project/${i}.md`, limit: i }
      const message = messageOf({ kind: 'tool.call', tool: 'read_text_file', args })
      const began = performance.now()
      decide(compiled.policy, { message, findings: [], scene })
      return (performance.now() - began) * 1000
    })
    // The first round warms up; of the others the quietest counts, since the machine is shared.
    const medians = Array.from({ length: rounds }, (_, i) => median(times.slice((i + 1) * calls, (i + 2) * calls)))
    const settled = Math.min(...medians)
    say(`   ${settled.toFixed(1)} µs a decision`)
    return [{ ...atMost(20, 'µs', 'p50 of a decision'), scenario: 'policy', measured: settled }]
  },
}

/** Rules as people write them: about other servers, other tools, effects, labels, and arguments. */
function ruleOf(index: number): Rule {
  const name = `rule-${index}`
  switch (index % 6) {
    case 0:
      return { name, match: { server: `other-${index}`, tool: 'read_*' }, then: 'block' }
    case 1:
      return { name, match: { tool: [`write_${index}`, 'delete_*'] }, then: 'ask' }
    case 2:
      return { name, match: { effect: ['destroy', 'admin'], labels: ['secret'] }, then: 'block' }
    case 3:
      return { name, match: { tool: 'read_*' }, when: `args.path.startsWith('/etc/${index}')`, then: 'block' }
    case 4:
      return { name, match: { principal: `user-${index}` }, then: 'allow' }
    default:
      return {
        name,
        match: { server: 'files' },
        when: `'limit' in args && args.limit > ${1_000_000 + index}`,
        then: 'ask',
      }
  }
}
