import type { Confidence, Finding, Severity } from '../core/finding.ts'
import { guard } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import { boundedFindings, evidenceOf } from '../text/evidence.ts'
import { type Link, linksIn } from '../text/link.ts'
import { isHarmless, type JudgedLink, type LinkRisk, riskOf } from '../text/link-risk.ts'
import { type MessageReading, readMessage, textKinds } from '../text/reading.ts'
import { isAlways, remembered } from '../text/remembered.ts'
import { originOf, type View } from '../text/view.ts'

const weights: Record<LinkRisk, { clicked: [Severity, Confidence]; fetched: [Severity, Confidence] }> = {
  'asks-for-data': { clicked: ['high', 'possible'], fetched: ['critical', 'likely'] },
  'carries-text': { clicked: ['medium', 'possible'], fetched: ['high', 'likely'] },
  collector: { clicked: ['medium', 'possible'], fetched: ['high', 'likely'] },
  script: { clicked: ['medium', 'possible'], fetched: ['medium', 'possible'] },
  credentials: { clicked: ['low', 'possible'], fetched: ['medium', 'possible'] },
  'look-alike-host': { clicked: ['low', 'possible'], fetched: ['medium', 'possible'] },
  'long-value': { clicked: ['info', 'possible'], fetched: ['low', 'possible'] },
}
const standards = ['OWASP-LLM02', 'OWASP-LLM05', 'ATLAS-AML.T0057', 'CWE-201']

export const exfiltrationLinks = guard({
  id: 'exfiltration-links',
  title: 'Addresses and pictures that carry data away when they are shown or followed',
  threats: ['T1.filter', 'T1.sanitise', 'T2.filter', 'S2.chain'],
  lesson: {
    why: 'A picture or link whose address carries text sends that text away as soon as it is shown or followed.',
    undo: 'take the data out of the address at the source',
  },
  reads: textKinds,
  options: {},
  isHeavy: true,
  inspect(message, { options }) {
    return remembered({ message, options }, isAlways, () => riskyLinksIn(message))
  },
})

function riskyLinksIn(message: Message): readonly Finding[] {
  const reading = readMessage(message)
  const findings: Finding[] = []
  const seen = new Set<string>()
  const judge = judgeOnce()
  let left = 0
  for (const view of new Set([reading.raw, reading.plain, ...reading.scanned.map(each => each.view)])) {
    const found = linksIn(view.text)
    left += found.left
    for (const link of found.links) {
      const judged = isHarmless(link) ? undefined : judge(link)
      if (judged === undefined) continue
      const place = originOf(view, link.span).join('-')
      if (seen.has(place)) continue
      seen.add(place)
      findings.push(findingOf(reading, { view, link, judged }))
    }
  }
  return left === 0 ? boundedFindings(findings) : [...boundedFindings(findings), notInspected(message.root)]
}

/** An address stands in several views of a message, and often several times in a text. */
function judgeOnce(): typeof riskOf {
  const known = new Map<string, JudgedLink | undefined>()
  return link => {
    const key = `${link.isFetched ? 'f' : link.isBare ? 'b' : 'l'}${link.url}`
    if (known.has(key)) return known.get(key)
    const judged = riskOf(link)
    known.set(key, judged)
    return judged
  }
}

type Found = { readonly view: View; readonly link: Link; readonly judged: JudgedLink }

function findingOf(reading: MessageReading, { view, link, judged }: Found): Finding {
  const { at, span, fix, isDisguised } = evidenceOf(reading, { view, span: link.span, cut: link.whole })
  const [severity, confidence] = weights[judged.risk][link.isFetched || isDisguised ? 'fetched' : 'clicked']
  return {
    rule: `exfiltration-links/${judged.risk}`,
    severity,
    confidence,
    at,
    ...(span && { span }),
    ...(fix && { fix }),
    // Never the address itself: what it carries may be the secret.
    facts: { host: judged.host, carriedChars: judged.units, shownWithoutClick: link.isFetched ? 'yes' : 'no' },
    standards,
  }
}

function notInspected(at: string): Finding {
  return { rule: 'exfiltration-links/not-inspected', severity: 'medium', confidence: 'certain', at, facts: {} }
}
