import type { Edit, Finding } from '../core/finding.ts'
import { guard } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import { evidenceOf } from '../text/evidence.ts'
import { type Leaf, leavesOf } from '../text/leaves.ts'
import { placedOnce, plainViewsOf } from '../text/plain-views.ts'
import { textKinds } from '../text/reading.ts'
import { isAlways, newMemory } from '../text/remembered.ts'

export const ownVoice = guard({
  id: 'own-voice',
  title: 'A server that speaks as the gateway: its notices, or the members in which it tells its decisions',
  threats: ['T1.sanitise'],
  lesson: {
    why: 'What stands under the name of the gateway is believed by models, clients and people.',
    undo: 'take the words out of the source',
  },
  reads: textKinds,
  options: {},
  isHeavy: true,
  inspect(message, { options }) {
    if (message.from !== 'server') return []
    return known({ message, options }, isAlways, () => voicesIn(message))
  },
})

const known = newMemory<Finding>()

function voicesIn(message: Message): readonly Finding[] {
  const { leaves } = leavesOf(message)
  const members = leaves.filter(isMember).map(({ at }) => ({ at, remove: true }) as const)
  const notices = leaves.filter(({ text }) => isVoice(text)).flatMap(noticeFixes)
  return [...told('member', members), ...told('notice', [...notices, ...disguised(message)])]
}

function told(rule: string, fix: readonly Edit[]): Finding[] {
  const [first] = fix
  if (first === undefined) return []
  const finding = { rule: `own-voice/${rule}`, severity: 'high', confidence: 'certain', at: first.at } as const
  const standards = ['CWE-345', 'OWASP-LLM01']
  return [{ ...finding, facts: { count: fix.length }, ...(fix.length <= fixesMax ? { fix } : {}), standards }]
}

/** Whoever forges more than this is refused whole. */
const fixesMax = 1000

const ownKey = 'dev.sallyport/'

function isMember({ text, isKey }: Leaf): boolean {
  return isKey && text.length >= ownKey.length && text.toLowerCase().startsWith(ownKey)
}

// The beginning of a notice. What a server kept of one from before tells nobody anything either: it was said then.
const notice = /\[[\s*_~`]{0,8}sallyport\b/giu
const put = '[not from the gateway'
const name = /sallyport/iu
const noticeUnits = '[sallyport'.length

/** Nearly no text holds the name, and to look for that takes a tenth of what it takes to look for a notice. */
function isVoice(text: string): boolean {
  return text.length >= noticeUnits && name.test(text)
}

function noticeFixes({ at, text, isKey }: Leaf): Edit[] {
  return [...text.matchAll(notice)].map(({ index, 0: found }): Edit => {
    if (isKey) return { at, remove: true }
    return { at, from: index, to: index + found.length, put }
  })
}

/** The same as a model or a person takes it, though it is written otherwise: look-alikes, invisible signs, markup. */
function disguised(message: Message): Edit[] {
  const plain = plainViewsOf(message)
  const found = placedOnce(plain, text =>
    isVoice(text)
      ? [...text.matchAll(notice)].map(({ index, 0: { length } }) => ({ from: index, to: index + length }))
      : [],
  )
  return found
    .filter(({ origin }) => plain.sheet.text.slice(...origin).search(notice) < 0)
    .flatMap(({ found: { from, to }, view }) => evidenceOf(plain, { view, span: [from, to], put }).fix ?? [])
}
