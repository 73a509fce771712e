import type { Finding } from '../core/finding.ts'
import { guard } from '../core/guard.ts'
import { option } from '../core/option.ts'
import { measure } from '../text/measure.ts'
import { resultItems, resultTexts, truncate } from '../text/result-text.ts'

const bound = (about: string, initially: number, max: number) =>
  option.number({ about, default: initially, min: 1, max, tighter: 'lower' })

/** Beyond so many edits it is better for everyone to refuse the answer. */
const editsMax = 20_000

export const truncation = guard({
  id: 'truncation',
  title: 'Answers that are too long: what is too much is cut off, with a notice',
  threats: ['T6.size', 'V.output', 'C3.size'],
  reads: ['tool.result', 'resource.content', 'prompt.result'],
  options: {
    textCharsMax: bound('Characters of text in one answer; the rest is cut off with a notice', 100_000, 67_108_864),
    itemsMax: bound('Items of content in one answer; what comes after is left out', 1_000, 100_000),
    structuredCharsMax: bound('Characters of structured content, which cannot be cut', 500_000, 67_108_864),
  },
  inspect(message, { options }) {
    const { root, body } = message
    const found: Finding[] = []
    const items = resultItems(message)
    const beyond = items.slice(options.itemsMax)
    if (beyond.length > 0) {
      const facts = { total: items.length, kept: options.itemsMax }
      const fix = beyond.length > editsMax ? {} : { fix: beyond.map(at => ({ at, remove: true }) as const) }
      found.push({ ...tooLong('items', beyond[0] ?? root, facts), ...fix })
    }
    const cut = truncate(resultTexts(message), options.textCharsMax)
    if (cut !== undefined) {
      const { edits, total, kept } = cut
      const fix = edits.length > editsMax ? {} : { fix: edits }
      found.push({ ...tooLong('text', edits[0]?.at ?? root, { total, kept }), ...fix })
    }
    if (body.kind === 'tool.result') {
      const total = measure(body.result['structuredContent']).chars
      const facts = { total, max: options.structuredCharsMax }
      if (total > options.structuredCharsMax) found.push(tooLong('structured', `${root}/structuredContent`, facts))
    }
    return found
  },
})

function tooLong(what: string, at: string, facts: Finding['facts']): Finding {
  return { rule: `truncation/${what}`, severity: 'high', confidence: 'certain', at, facts }
}
