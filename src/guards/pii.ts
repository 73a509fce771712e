import type { Finding } from '../core/finding.ts'
import { guard } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import { option } from '../core/option.ts'
import { evidenceOf } from '../text/evidence.ts'
import { type Pii, type PiiKind, piiIn, piiKinds } from '../text/pii.ts'
import { type PlainViews, placedOnce, plainViewsOf } from '../text/plain-views.ts'
import { textKinds } from '../text/reading.ts'
import { isAlways, remembered } from '../text/remembered.ts'
import { cutNotice } from '../text/secret-notice.ts'
import type { Span, View } from '../text/view.ts'
import { fitCuts } from './cut.ts'

const standards = ['OWASP-LLM02', 'CWE-359']

export const pii = guard({
  id: 'pii',
  title: 'Card numbers, bank accounts, national ids, mail addresses and telephone numbers',
  threats: ['T4.classify', 'V.output'],
  lesson: {
    why: 'Numbers and addresses of people must not travel further than they were given for.',
    undo: 'take the kind out of `guards.pii.cut` or `guards.pii.sensitive`, or let a placeholder stand for it with a policy rule `as: mask`',
  },
  reads: [...textKinds, 'tool.call', 'prompt.get', 'resource.read', 'sampling.result', 'elicitation.result'],
  options: {
    cut: option.list({
      default: [],
      maxItems: piiKinds.length,
      tighter: 'more',
      about: `Kinds to cut out of answers: ${piiKinds.join(', ')}`,
    }),
    sensitive: option.list({
      default: ['card', 'iban', 'national-id'],
      maxItems: piiKinds.length,
      tighter: 'more',
      about: 'Kinds that label what holds them as sensitive',
    }),
  },
  isHeavy: true,
  inspect(message, { options, scene }) {
    const isSensitive = (kind: PiiKind): boolean => options.sensitive.includes(kind)
    const isAnswer = textKinds.some(kind => kind === message.body.kind && !kind.startsWith('server.'))
    const isCut = (kind: PiiKind): boolean => isAnswer && options.cut.includes(kind)
    const found = remembered({ message, options }, isAlways, () => personalDataIn(message, { isCut, isSensitive }))
    return fitCuts(found, message, scene)
  },
})

type Weight = { isCut(kind: PiiKind): boolean; isSensitive(kind: PiiKind): boolean }

function personalDataIn(message: Message, { isCut, isSensitive }: Weight): Finding[] {
  const views = plainViewsOf(message)
  const byKind = Map.groupBy(placedOnce(views, piiIn), ({ found }) => found.kind)
  return [...byKind].map(([kind, all]) =>
    findingOf(views, { kind, all, isCut: isCut(kind), isSensitive: isSensitive(kind) }),
  )
}

type Place = { readonly found: Pii; readonly view: View; readonly origin: Span }
type Group = { kind: PiiKind; all: readonly Place[]; isCut: boolean; isSensitive: boolean }

/** One finding per kind: a list of a thousand people is one thing to know, with a thousand cuts. */
function findingOf(views: PlainViews, { kind, all, isCut, isSensitive }: Group): Finding {
  // What is not cut is told by its first place alone.
  const places = (isCut ? all : all.slice(0, 1)).map(({ found: { from, to }, view }) => {
    const put = cutNotice(kind, view.text.slice(from, to), false)
    return evidenceOf(views, { view, span: [from, to], put })
  })
  const [first] = places
  const countries = [...new Set(all.flatMap(({ found }) => found.country ?? []))].slice(0, 8)
  return {
    rule: `pii/${kind}`,
    severity: isCut ? 'high' : isSensitive ? 'medium' : 'info',
    confidence: isCut ? 'certain' : 'likely',
    at: first?.at ?? '',
    ...(first?.span && { span: first.span }),
    ...(isCut && { fix: places.flatMap(({ fix = [] }) => fix), isGoneWithFix: true }),
    facts: { count: all.length, ...(countries.length > 0 && { countries: countries.join(', ') }) },
    ...(isSensitive && { labels: ['sensitive'] }),
    standards,
  }
}
