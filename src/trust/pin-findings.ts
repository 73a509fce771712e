import { type Finding, isAtLeast } from '../core/finding.ts'
import type { Message } from '../core/message.ts'
import { keyOf, type Sighting } from './pin.ts'
import type { ServerPins } from './pin-record.ts'
import type { Sight } from './surface-item.ts'

/** These say how much or who may, not what a text would make a model do. */
const besides = new Set(['pins', 'allowlist', 'schema', 'limits', 'truncation', 'rate', 'loops', 'timeout'])

/** Sorts what guards found by the item it was found in. What belongs to no single item counts against all. */
export function foundIn({ items }: Sight, { root }: Message, findings: readonly Finding[]): readonly Sighting[] {
  const byItem = new Map<number, Set<string>>()
  const everywhere = new Set<string>()
  for (const finding of findings.filter(isSerious)) {
    const index = indexIn(finding.at, root)
    if (index === undefined) everywhere.add(finding.rule)
    else byItem.set(index, (byItem.get(index) ?? new Set()).add(finding.rule))
  }
  return items.map(item => ({ item, found: [...everywhere, ...(byItem.get(item.index) ?? [])].slice(0, foundMax) }))
}

const foundMax = 16

function isSerious({ rule, severity, confidence }: Finding): boolean {
  return isAtLeast(severity, 'high') && confidence !== 'possible' && !besides.has(rule.split('/', 1)[0] ?? '')
}

/** Findings in items whose exact definition a person accepted although these very rules had found something there. */
export function foundBefore(pins: ServerPins, sight: Sight, about: Found): readonly Finding[] {
  const despite = sight.items.map(item => {
    const approved = pins.items.get(keyOf(item))?.approved
    return approved?.hash === item.hash ? (approved?.despite ?? []) : []
  })
  if (despite.every(rules => rules.length === 0)) return []
  const isOne = sight.part === 'server' || sight.part === 'apps'
  return about.findings.filter(({ rule, at }) => {
    const index = isOne ? 0 : indexIn(at, about.root)
    return isText(rule) && index !== undefined && despite[index]?.includes(rule) === true
  })
}

type Found = { readonly root: string; readonly findings: readonly Finding[] }

// A guard that broke found nothing, and nobody can have looked at what it would have found.
function isText(rule: string): boolean {
  const guard = rule.split('/', 1)[0] ?? ''
  return guard !== 'guard' && !besides.has(guard)
}

function indexIn(at: string, root: string): number | undefined {
  const steps = at.startsWith(root) ? at.slice(root.length).split('/', 3) : []
  const isItem = /^(?:tools|prompts|resourceTemplates)$/u.test(steps[1] ?? '') && /^\d{1,9}$/u.test(steps[2] ?? '')
  return isItem ? Number(steps[2]) : undefined
}
