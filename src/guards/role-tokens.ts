import type { Finding } from '../core/finding.ts'
import { guard } from '../core/guard.ts'
import type { Message } from '../core/message.ts'
import { boundedFindings, evidenceOf } from '../text/evidence.ts'
import { type MessageReading, readMessage, textKinds } from '../text/reading.ts'
import { isAlways, remembered } from '../text/remembered.ts'
import { type RoleToken, roleTokensAmong, roleTokensIn } from '../text/role-token.ts'
import { isSpokenAbout } from '../text/surroundings.ts'
import { originOf, type View } from '../text/view.ts'

const standards = ['OWASP-LLM01', 'ATLAS-AML.T0051.001', 'CWE-74']

export const roleTokens = guard({
  id: 'role-tokens',
  title: "Marks of a chat template inside data: text that pretends to be the system's, the user's or a tool's turn",
  threats: ['T1.filter', 'T1.sanitise', 'T2.filter', 'E.semantic'],
  lesson: {
    why: 'Marks of a chat template make data pass for words of the system or the user.',
    undo: 'write the marks otherwise at the source, for instance with a space inside',
  },
  reads: textKinds,
  options: {},
  isHeavy: true,
  inspect(message, { options }) {
    return remembered({ message, options }, isAlways, () => tokensIn(message))
  },
})

function tokensIn(message: Message): readonly Finding[] {
  const reading = readMessage(message)
  const seen = new Set<string>()
  const findings: Finding[] = []
  const scans = new Map(reading.scanned.map(({ view, scan }) => [view, scan]))
  for (const view of viewsOf(reading)) {
    const scan = scans.get(view)
    for (const token of scan === undefined ? roleTokensIn(view.text) : roleTokensAmong(view.text, scan.tokens)) {
      const place = originOf(view, token.span).join('-')
      if (seen.has(place)) continue
      seen.add(place)
      findings.push(findingOf(reading, view, token))
    }
  }
  return boundedFindings(findings)
}

// Markup is taken out of the plain view, and these tokens look like markup: each step on the way to it is read too.
function viewsOf({ plain, scanned }: MessageReading): Set<View> {
  const views = new Set<View>()
  for (const start of [plain, ...scanned.map(({ view }) => view)])
    for (let view: View | undefined = start; view !== undefined; view = view.parent) views.add(view)
  return views
}

function findingOf(reading: MessageReading, view: View, { span, as }: RoleToken): Finding {
  const { at, span: place, fix, facts, isDisguised } = evidenceOf(reading, { view, span })
  const scan = reading.scanned.find(each => each.view === view)?.scan
  const isTalk = isSpokenAbout(view.text, scan?.hits ?? [], span) && !isDisguised
  return {
    rule: `role-tokens/${as}`,
    severity: as === 'turn' ? 'medium' : 'high',
    confidence: isTalk || as === 'turn' ? 'possible' : 'likely',
    at,
    ...(place && { span: place }),
    ...(fix && { fix }),
    facts,
    standards,
  }
}
