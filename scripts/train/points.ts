import { type LinearModel, scoreText } from '../../src/text/linear.ts'
import { scanText } from '../../src/text/match.ts'
import { operatingPoints } from '../../src/text/operating-points.ts'
import { readingOf } from '../../src/text/views.ts'
import type { Doc } from './corpus.ts'

export type Points = Readonly<Record<string, { ask: number; block: number }>>

const pooled = { ask: 0.01, block: 0.001 }
// One threshold over a pool hides a bad source: each source of some size is held to its own bound as well.
const worst = { ask: 0.03, block: 0.004 }
const sourceMin = 150
// Texts that quote attacks are weighed down by the guard, where the model cannot; they set no point.
const isSetting = (doc: Doc) => doc.label === 0 && !doc.source.startsWith('quotes') && doc.source !== 'agt_smoke'

/** The scores at which the harmless documents that never trained alarm seldom enough. */
export function pointsOf(model: LinearModel, docs: readonly Doc[]): Points {
  const points: Record<string, { ask: number; block: number }> = {}
  for (const kind of ['response', 'description'] as const) {
    const scored = docs
      .filter(doc => isSetting(doc) && doc.kind === kind)
      .map(doc => ({ source: doc.source, score: topScore(model, doc.text) }))
    points[kind] = { ask: pointFor(scored, 'ask'), block: pointFor(scored, 'block') }
    points[kind].block = Math.max(points[kind].block, points[kind].ask + 0.5)
  }
  return points
}

export function topScore(model: LinearModel, text: string): number {
  const { plain } = readingOf(text)
  const [best] = scoreText(model, plain.text, { hits: scanText(plain.text).hits, floor: 1e6 })
  return best?.score ?? model.bias
}

type Scored = { readonly source: string; readonly score: number }

function pointFor(scored: readonly Scored[], at: 'ask' | 'block'): number {
  const sources = [...Map.groupBy(scored, ({ source }) => source).values()].filter(of => of.length >= sourceMin)
  return Math.max(quantile(scored, pooled[at]), ...sources.map(of => quantile(of, worst[at]))) + 0.01
}

function quantile(scored: readonly Scored[], share: number): number {
  const scores = scored.map(({ score }) => score).sort((a, b) => b - a)
  return scores[Math.floor(scores.length * share)] ?? 0
}

export function printPoints(points: Points): void {
  for (const [kind, { ask, block }] of Object.entries(points))
    process.stdout.write(`  ${kind}: { ask: ${ask.toFixed(2)}, block: ${block.toFixed(2)} },\n`)
}

/** How a model that never saw a fifth of the wordings judges texts made of those alone; and the same with the rules. */
export function printUnseen(model: LinearModel, docs: readonly Doc[]): void {
  for (const [source, of] of Map.groupBy(docs, doc => `${doc.source}, ${doc.label === 1 ? 'attacks' : 'harmless'}`)) {
    const kind = of[0]?.kind ?? 'response'
    const points = operatingPoints[kind]
    const judged = of.map(({ text }) => ({ score: topScore(model, text), isRuled: hasRule(text, kind) }))
    const share = (hits: number) => ((100 * hits) / of.length).toFixed(1)
    const ask = judged.filter(({ score }) => score >= points.ask).length
    const block = judged.filter(({ score }) => score >= points.block).length
    const both = judged.filter(({ score, isRuled }) => isRuled || score >= points.ask).length
    const line = `ask ${share(ask)} %, block ${share(block)} %, ask with rules ${share(both)} % of ${of.length}`
    process.stdout.write(`  ${source}: ${line}\n`)
  }
}

function hasRule(text: string, kind: Doc['kind']): boolean {
  return scanText(readingOf(text).plain.text).matches.some(({ rule }) => rule.only === undefined || rule.only === kind)
}
