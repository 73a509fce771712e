import type { Finding } from '../core/finding.ts'
import { guard, type MaskMark } from '../core/guard.ts'

export const masking = guard({
  id: 'masking',
  title: 'Placeholders of masked values: where they are sent, and those that stand for nothing',
  threats: ['T7.scrub'],
  lesson: {
    why: 'A placeholder that stands for nothing was made up, belongs to another session, or is older than this gateway.',
    undo: 'have the value read again at its source, which gives a placeholder that works',
  },
  reads: ['tool.call', 'prompt.get', 'resource.read'],
  options: {},
  inspect: (_, { scene }) => {
    const marks = scene.masks ?? []
    const known = marks.filter(({ rule }) => rule !== undefined)
    const unknown = marks.filter(({ rule }) => rule === undefined)
    return [
      ...finding('unknown', 'high', unknown),
      // That one travels is no harm: it stays what it is unless policy names the receiver.
      ...finding('placeholder', 'info', known),
    ]
  },
})

function finding(rule: string, severity: Finding['severity'], marks: readonly MaskMark[]): Finding[] {
  const [first] = marks
  if (first === undefined) return []
  const { at, span } = first
  const facts = { count: marks.length, ...(first.rule === undefined ? {} : { of: first.rule }) }
  return [{ rule: `masking/${rule}`, severity, confidence: 'certain', at, ...(span && { span }), facts }]
}
