import type { Finding } from '../core/finding.ts'
import { visible } from '../trust/surface-diff.ts'

const shownUnits = 80
const aroundUnits = 30
const red = '\u001b[1;31m'
const plain = '\u001b[0m'

/** Whether a text may be quoted for a finding: of a credential or of personal data only kind and length are told. */
function isQuotable({ rule, facts }: Finding): boolean {
  return typeof facts['excerpt'] === 'string' || rule.startsWith('hidden-text/')
}

/** What was found, invisible characters written out: as it stands in the text, or as it reads once it is decoded. */
export function excerptOf(finding: Finding, text: string | undefined): string {
  const { span, facts } = finding
  if (!isQuotable(finding)) return ''
  const isDecoded = typeof facts['excerpt'] === 'string' && facts['via'] !== undefined
  if (span === undefined || text === undefined || isDecoded) return visible(String(facts['excerpt'] ?? ''))
  return visible(text.slice(...span).slice(0, shownUnits))
}

/** The place in its surroundings on one line, with colour where a terminal shows it. */
export function excerptLine(finding: Finding, text: string | undefined, isColoured: boolean): string | undefined {
  const { span } = finding
  if (span === undefined || text === undefined || !isQuotable(finding)) return undefined
  const [from, to] = span
  const before = visible(text.slice(Math.max(0, from - aroundUnits), from))
  const found = visible(text.slice(from, Math.min(to, from + shownUnits)))
  const after = visible(text.slice(to, to + aroundUnits))
  return isColoured ? `${before}${red}${found}${plain}${after}` : `${before}»${found}«${after}`
}
