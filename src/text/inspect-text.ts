import type { Confidence, Severity } from '../core/finding.ts'
import { aboutOf, claimsIn } from './claims.ts'
import { shown } from './evidence.ts'
import { findHidden } from './hidden.ts'
import { mayHide } from './invisible.ts'
import { weighClaims } from './item-claims.ts'
import { linksIn } from './link.ts'
import { riskOf } from './link-risk.ts'
import { operatingPoints } from './operating-points.ts'
import { readText } from './reading.ts'
import { roleTokensAmong } from './role-token.ts'
import { signalsIn, type TextKind } from './signal.ts'
import { isSpokenAbout } from './surroundings.ts'
import { originOf, type Span } from './view.ts'

export type TextRecord = {
  readonly id: string
  readonly kind: 'response' | 'description' | 'direct'
  readonly text: string
}

export type TextFinding = {
  readonly rule: string
  readonly severity: Severity
  readonly confidence: Confidence
  readonly span: Span
  readonly excerpt: string
}

export type TextVerdict = {
  readonly id: string
  readonly verdict: 'allow' | 'ask' | 'block'
  /** From 0 to 1; asking begins at 0.5, blocking at 0.9. */
  readonly score: number
  readonly findings: readonly TextFinding[]
}

/** Judges one text by itself, as a batch of records or a file has it: no session, no tools, no source. */
export function inspectText({ id, kind, text }: TextRecord): TextVerdict {
  const as: TextKind = kind === 'description' ? 'description' : 'response'
  const reading = readText(text)
  const { signals, score } = signalsIn(reading, as, { isScored: true })
  const findings: TextFinding[] = signals.map(({ id: rule, severity, confidence, view, span }) => ({
    rule: `injection/${rule}`,
    severity,
    confidence,
    span: originOf(view, span),
    excerpt: shown(view.text.slice(...span)),
  }))
  if (as === 'description') findings.push(...claimFindings(reading))
  findings.push(...hiddenFindings(text), ...tokenFindings(reading), ...linkFindings(text))
  if (reading.left > 0)
    findings.push({
      rule: 'injection/not-inspected',
      severity: 'medium',
      confidence: 'possible',
      span: [0, 0],
      excerpt: '',
    })
  const level = Math.max(0, ...findings.map(levelOf))
  return {
    id,
    verdict: level === 2 ? 'block' : level === 1 ? 'ask' : 'allow',
    score: scaled(score, operatingPoints[as], level),
    findings,
  }
}

function levelOf({ confidence, severity }: TextFinding): 0 | 1 | 2 {
  if (severity === 'info' || severity === 'low') return 0
  return confidence === 'possible' ? 1 : 2
}

/** A description by itself often begins with the name of its tool. */
const named = /^\s{0,8}([\p{L}\d_./-]{1,64}): /u

function claimFindings({ plain: view, scanned }: ReturnType<typeof readText>): TextFinding[] {
  const [whole = '', name = ''] = named.exec(view.text) ?? []
  const hits = scanned[0]?.scan.hits ?? []
  const claims = claimsIn(view.text, { about: aboutOf(name, view.text.slice(whole.length)), hits })
  const weighed = weighClaims(claims, { view, hits })
  if (weighed === undefined) return []
  return claims.map(({ id, span }) => ({
    rule: `description/${id}`,
    ...weighed,
    span: originOf(view, span),
    excerpt: shown(view.text.slice(...span)),
  }))
}

function hiddenFindings(text: string): TextFinding[] {
  if (!mayHide(text)) return []
  return findHidden(text).map(({ as, spans, decoded }) => ({
    rule: `hidden-text/${as}`,
    severity: as === 'stray' || as === 'padding' ? 'info' : 'high',
    confidence: as === 'splitting' ? 'likely' : 'certain',
    span: spans[0] ?? [0, 0],
    excerpt: shown(decoded),
  }))
}

function tokenFindings({ raw, scanned }: ReturnType<typeof readText>): TextFinding[] {
  const scan = scanned.find(({ view }) => view === raw)?.scan
  const hits = scan?.hits ?? []
  return roleTokensAmong(raw.text, scan?.tokens ?? []).map(({ as, span }) => ({
    rule: `role-tokens/${as}`,
    severity: as === 'turn' ? 'medium' : 'high',
    confidence: as === 'turn' || isSpokenAbout(raw.text, hits, span) ? 'possible' : 'likely',
    span,
    excerpt: shown(raw.text.slice(...span)),
  }))
}

function linkFindings(text: string): TextFinding[] {
  return linksIn(text).links.flatMap(link => {
    const judged = riskOf(link)
    if (judged === undefined) return []
    const isGrave = link.isFetched && ['asks-for-data', 'carries-text', 'collector'].includes(judged.risk)
    const isLight = ['long-value', 'credentials', 'look-alike-host'].includes(judged.risk)
    return [
      {
        rule: `exfiltration-links/${judged.risk}`,
        severity: isGrave ? 'high' : isLight ? 'low' : 'medium',
        confidence: isGrave ? 'likely' : 'possible',
        span: link.span,
        excerpt: judged.host,
      },
    ]
  })
}

/** The model's score laid on a scale on which every set of weights means the same; a finding lifts it to its level. */
function scaled(score: number, { ask, block }: { ask: number; block: number }, level: number): number {
  const slope = Math.log(9) / (block - ask)
  const own = 1 / (1 + Math.exp(-slope * (score - ask)))
  const floors = [0, 0.5, 0.9] as const
  // Above the floor the model's word still orders; findings alone never reach certainty.
  const lifted = Math.max(own, (floors[level] ?? 0) + 0.09 * own)
  return Math.round(Math.min(level < 2 ? 0.899 : 0.999, level < 1 ? Math.min(lifted, 0.499) : lifted) * 1000) / 1000
}
