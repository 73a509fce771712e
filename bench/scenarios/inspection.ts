import { defaultsOf } from '../../src/core/option.ts'
import { inspect, pipelineOf } from '../../src/core/pipeline.ts'
import { guards } from '../../src/guards/index.ts'
import { messageOf, sceneOf } from '../../test/situation.ts'
import { text } from '../corpus.ts'
import { atMost, type Scenario } from '../goal.ts'
import { median } from '../sample.ts'

const size = 200_000
const repeats = 5
const warmUps = 8
const budgetMicrosPerKb = 150

/** Texts that bring careless matchers to their knees. */
const adversarial: Readonly<Record<string, string>> = {
  'openers that never close': '[SYSTEM:'.repeat(size / 8),
  'one letter': 'a'.repeat(size),
  'almost base64': 'QUJD'.repeat(size / 4),
  'nothing but spaces': ' '.repeat(size),
  'half a keyword': 'ignore all previous '.repeat(size / 20),
  'tags in tags': '<a href="'.repeat(Math.floor(size / 9)),
  'escapes of escapes': '%25'.repeat(Math.floor(size / 3)),
  'hidden signs': 'a\u200b'.repeat(size / 2),
  'at signs': 'a@a.'.repeat(size / 4),
}

/** Every guard over one answer, on the main thread. */
export const inspection: Scenario = {
  about: `all guards on an answer of ${size / 1000} KB`,
  async run({ rounds, say }) {
    const settings = Object.fromEntries(guards.map(({ id, options }) => [id, defaultsOf(options)]))
    const pipeline = pipelineOf(guards, settings)
    const scene = sceneOf()
    // Each text is a new one, as answers mostly are; what was read before is measured by itself.
    let texts = 0
    const once = (repeated: string, isNew = true) => {
      const content = isNew ? `${texts++} ${repeated}` : repeated
      const result = { content: [{ type: 'text', text: content }] }
      const message = messageOf({ kind: 'tool.result', tool: 'read', args: {}, result })
      // Processor time: what else runs on the machine is not what is asked.
      const before = process.cpuUsage()
      inspect(pipeline, message, { scene, share: 'all' })
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1000
    }
    const timed = (content: string) => median(Array.from({ length: Math.max(repeats, rounds) }, () => once(content)))
    const ordinary = text(size)
    for (let i = 0; i < warmUps; i++) once(ordinary)
    const base = timed(ordinary)
    const short = median(Array.from({ length: 400 }, (_, i) => once(text(1000 + i)))) * 1000
    const call = median(Array.from({ length: 100 }, () => once(text(10_000)))) * 1000
    const million = median(Array.from({ length: 3 }, () => once(text(1_000_000))))
    const seen = median(Array.from({ length: 100 }, () => once(ordinary, false)))
    const worst = Object.entries(adversarial)
      .map(([name, content]) => ({ name, ratio: timed(content) / base }))
      .sort((a, b) => b.ratio - a.ratio)
    say(`   ordinary ${base.toFixed(1)} ms (${(size / 1e3 / base).toFixed(1)} MB/s), 1 KB ${short.toFixed(0)} µs`)
    say(
      `   10 KB ${call.toFixed(0)} µs, 1 MB ${million.toFixed(0)} ms, 200 KB that were read before ${(seen * 1000).toFixed(0)} µs`,
    )
    for (const { name, ratio } of worst) say(`   ${name}: ${ratio.toFixed(2)} ×`)
    const perKb = (base * 1000) / (size / 1000)
    return [
      {
        ...atMost(budgetMicrosPerKb, 'µs/KB', 'all guards on new ordinary text'),
        scenario: 'inspection',
        measured: perKb,
      },
      {
        ...atMost(budgetMicrosPerKb / 10, 'µs/KB', 'all guards on text read before'),
        scenario: 'inspection',
        measured: (seen * 1000) / (size / 1000),
      },
      { ...atMost(200, 'ms', 'all guards on 1 MB of new text'), scenario: 'inspection', measured: million },
      {
        ...atMost(2, '×', 'the worst adversarial text against ordinary'),
        scenario: 'inspection',
        measured: worst[0]?.ratio ?? Number.NaN,
        note: worst[0]?.name ?? '',
      },
    ]
  },
}
