import type { Edit, Finding } from '../core/finding.ts'
import { guard } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import { findHidden, type Hidden, type Hiding } from '../text/hidden.ts'
import { mayHide } from '../text/invisible.ts'
import { type Leaf, leavesOf } from '../text/leaves.ts'
import { textKinds } from '../text/reading.ts'
import { isAlways, remembered } from '../text/remembered.ts'

const weight: Record<Hiding, Pick<Finding, 'severity' | 'confidence'>> = {
  tags: { severity: 'critical', confidence: 'certain' },
  variation: { severity: 'high', confidence: 'certain' },
  'zero-width': { severity: 'high', confidence: 'certain' },
  bidi: { severity: 'high', confidence: 'certain' },
  unread: { severity: 'high', confidence: 'certain' },
  splitting: { severity: 'medium', confidence: 'likely' },
  padding: { severity: 'low', confidence: 'certain' },
  stray: { severity: 'info', confidence: 'certain' },
}
const standards = ['OWASP-LLM01', 'CWE-1007', 'AML.T0051.001']

export const hiddenText = guard({
  id: 'hidden-text',
  title: 'Characters that a person cannot see and a model can read',
  threats: ['T1.filter', 'T1.sanitise', 'T2.filter'],
  lesson: {
    why: 'A model reads characters that nobody sees, so the text says something else to it than to you.',
    undo: 'look at the characters with `sallyport inspect` and take them out at the source',
  },
  reads: textKinds,
  options: {},
  inspect(message, { options }) {
    return remembered({ message, options }, isAlways, () => hiddenIn(message))
  },
})

function hiddenIn(message: Message): readonly Finding[] {
  const { leaves, left } = leavesOf(message)
  const findings = [...places(leaves)].flatMap(([, all]) => findingsOf(all))
  return left === 0 ? findings : [...findings, notInspected(message.root, left)]
}

type Place = { readonly leaf: Leaf; readonly hidden: Hidden }

function places(leaves: readonly Leaf[]): Map<Hiding, Place[]> {
  const found = new Map<Hiding, Place[]>()
  for (const leaf of leaves)
    if (mayHide(leaf.text))
      for (const hidden of findHidden(leaf.text)) {
        const known = found.get(hidden.as)
        if (known === undefined) found.set(hidden.as, [{ leaf, hidden }])
        else known.push({ leaf, hidden })
      }
  return found
}

const findingsMax = 32
const editsMax = 50_000

/** One finding per place; the last that is told bears the fix of all that are not, so that nothing stays in. */
function findingsOf(all: readonly Place[]): Finding[] {
  const told = all.slice(0, findingsMax).map(findingOf)
  const rest = all.slice(findingsMax)
  const last = told.at(-1)
  if (rest.length === 0 || last === undefined) return told
  const fix = [...(last.fix ?? []), ...rest.flatMap(fixOf)]
  const facts = { ...last.facts, more: rest.length }
  const { fix: _, ...unfixable } = last
  told[told.length - 1] =
    fix.length <= editsMax ? { ...last, facts, fix } : { ...unfixable, severity: 'critical', facts }
  return told
}

function findingOf({ leaf, hidden }: Place): Finding {
  const [span] = hidden.spans
  return {
    rule: `hidden-text/${hidden.as}`,
    ...weight[hidden.as],
    at: leaf.at,
    ...(leaf.isKey || span === undefined ? {} : { span }),
    facts: { characters: hidden.characters, ...spelled(hidden), ...(leaf.isKey ? { in: 'a key' } : {}) },
    fix: fixOf({ leaf, hidden }),
    standards,
  }
}

// Printable ASCII only and not much of it: enough to recognise an order, not enough to carry one on.
function spelled({ decoded }: Hidden): Record<string, string | number> {
  if (decoded === '') return {}
  return { spells: decoded.replace(/[^\x20-\x7e]+/gu, '?').slice(0, 60), decodedChars: decoded.length }
}

// A key cannot be edited in place: the member goes.
function fixOf({ leaf, hidden }: Place): Edit[] {
  if (leaf.isKey) return [{ at: leaf.at, remove: true }]
  return hidden.spans.map(([from, to]) => ({ at: leaf.at, from, to, put: '' }))
}

function notInspected(at: string, values: number): Finding {
  return { rule: 'hidden-text/not-inspected', severity: 'high', confidence: 'certain', at, facts: { values } }
}
