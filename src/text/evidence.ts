import type { Edit, Finding } from '../core/finding.ts'
import type { MessageReading } from './reading.ts'
import { channelsOf, originOf, type Span, type View } from './view.ts'

/** Where something found in a view stands in the message, what to show of it, and what would take it out. */
export type Evidence = Pick<Finding, 'at' | 'span' | 'fix'> & {
  readonly facts: Readonly<Record<string, string | number>>
  /** In the text as it came. */
  readonly origin: Span
  readonly isDisguised: boolean
}

export const excerptUnits = 80

type Found = { readonly view: View; readonly span: Span; readonly cut?: Span; readonly put?: string }

export function evidenceOf(
  reading: Pick<MessageReading, 'sheet'>,
  { view, span, cut = span, put = '' }: Found,
): Evidence {
  const origin = originOf(view, span)
  const places = reading.sheet.placesOf(origin)
  const first = places[0]
  const fix = editsFor(reading, originOf(view, cut), put)
  const channels = channelsOf(view).filter(channel => channel !== 'markup' && channel !== 'escapes')
  return {
    at: first?.at ?? '',
    ...(first === undefined || first.isKey ? {} : { span: first.span }),
    ...(fix.length === 0 ? {} : { fix }),
    facts: {
      excerpt: shown(view.text.slice(span[0], span[1])),
      ...(channels.length === 0 ? {} : { via: channels.join(', ') }),
      ...(places.length < 2 ? {} : { fields: places.length }),
    },
    origin,
    isDisguised: channels.some(channel => channel !== 'folded' && channel !== 'joined'),
  }
}

function editsFor({ sheet }: Pick<MessageReading, 'sheet'>, origin: Span, put: string): Edit[] {
  // Said once, at the first place; a key cannot be edited in place, so its member goes.
  return sheet
    .placesOf(origin)
    .map(({ at, span, isKey }, i) =>
      isKey ? { at, remove: true as const } : { at, from: span[0], to: span[1], put: i === 0 ? put : '' },
    )
}

/** Printable and short: enough to recognise, not enough to carry the order on. */
export function shown(text: string): string {
  const plain = text.replaceAll(/[\p{C}\s]+/gu, ' ').trim()
  return plain.length <= excerptUnits ? plain : `${plain.slice(0, excerptUnits - 1)}…`
}

export const findingsMax = 16

/** Few findings however many places; the last one told bears the fixes of the rest, so that nothing stays in. */
export function boundedFindings<F extends Finding>(findings: readonly F[]): readonly F[] {
  const told = findings.slice(0, findingsMax)
  const rest = findings.slice(findingsMax)
  const last = told.at(-1)
  if (rest.length === 0 || last === undefined) return told
  const fix = [...(last.fix ?? []), ...rest.flatMap(finding => finding.fix ?? [])]
  return told.with(-1, { ...last, fix, facts: { ...last.facts, more: rest.length } })
}
