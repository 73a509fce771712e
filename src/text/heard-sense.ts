import { senseNet } from './injection-model.ts'
import { type LinearScore, linearBounds } from './linear.ts'
import { operatingPoints } from './operating-points.ts'
import { senseOf } from './sense-net.ts'
import type { Span } from './view.ts'

export const heardBounds = {
  /** A text this short is heard as a whole, of a longer one what lies this far around the middle of a passage. */
  wholeUnits: 620,
  aroundUnits: 250,
  /** What the net may take from the linear model's score of a passage. */
  takenMost: 0.5,
} as const

// The net knows English. Of a passage in another language it knows some names, and what it makes of these says nothing.
const knownLeast = 0.8
// What the sum of both is worth on the scale of the linear model, so that one set of points serves both.
const [worth, more] = [0.65, 0.36]

/**
 * Passages that the linear model suspects, heard again by the net for the sense of words: it raises what an attack says in
 * new words and lowers what only sounds like one. Where there are as many passages as are told at all it lowers none: else
 * somebody could fill the list with passages that come to nothing, and hide one behind them.
 */
export function withSense(text: string, parts: readonly LinearScore[]): readonly LinearScore[] {
  const isFull = parts.length >= linearBounds.parts
  const heard = parts.map(part => {
    const score = scoreWithSense(text, part)
    return { ...part, score: isFull ? Math.max(part.score, score) : score }
  })
  return heard.sort((a, b) => b.score - a.score || a.span[0] - b.span[0])
}

function scoreWithSense(text: string, { score, span }: LinearScore): number {
  const { faint, block } = operatingPoints.response
  // Too weak to be heard, or so strong that nothing the net says matters.
  if (score < faint || score >= block + heardBounds.takenMost) return score
  const { score: sense, words, knownWords } = senseOf(senseNet(), around(text, span))
  if (knownWords < knownLeast * words) return score
  return Math.max(score - heardBounds.takenMost, worth * (score + Math.max(-1, sense)) + more)
}

function around(text: string, [from, to]: Span): string {
  if (text.length < heardBounds.wholeUnits) return text
  const middle = (from + to) >> 1
  return text.slice(Math.max(0, middle - heardBounds.aroundUnits), middle + heardBounds.aroundUnits)
}
