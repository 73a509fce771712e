import type { Confidence, Severity } from '../core/finding.ts'
import type { JsonObject, JsonPointer } from '../core/json.ts'
import { aboutOf, type Claim, claimsIn } from './claims.ts'
import { type Evidence, evidenceOf } from './evidence.ts'
import { descriptionModel } from './injection-model.ts'
import { leavesIn } from './leaves.ts'
import { scoreText } from './linear.ts'
import { operatingPoints } from './operating-points.ts'
import { readText } from './reading.ts'
import { sheetOf } from './sheet.ts'
import type { View } from './view.ts'

export type Weighed = { readonly severity: Severity; readonly confidence: Confidence }

/** A claim, how much it counts beside the others of its item, and where it stands. */
export type ItemClaim = Weighed & Pick<Claim, 'id' | 'says'> & Pick<Evidence, 'at' | 'span' | 'facts'>

/** What one tool, prompt or resource wants besides its use, read over all its fields: name, texts, schema, examples. */
export function itemClaims(item: JsonObject, at: JsonPointer): readonly ItemClaim[] {
  const leaves = leavesIn({ root: at, payload: item })
  const sheet = sheetOf(leaves)
  const reading = readText(sheet.text)
  const view = reading.plain
  const hits = reading.scanned[0]?.scan.hits ?? []
  const own = typeof item['description'] === 'string' ? item['description'] : ''
  const claims = claimsIn(view.text, { about: aboutOf(String(item['name'] ?? ''), own), hits })
  const weighed = weighClaims(claims, { view, hits })
  return weighed === undefined
    ? []
    : claims.map(({ id, says, span }) => ({ id, says, ...weighed, ...evidenceOf({ sheet }, { view, span }) }))
}

type Read = { readonly view: View; readonly hits: readonly number[] }

/**
 * One claim is a suspicion, two are likely an attack. Half a claim counts beside another or where the model is
 * suspicious too; alone it is what honest tools also say.
 */
export function weighClaims(claims: readonly Pick<Claim, 'weight'>[], { view, hits }: Read): Weighed | undefined {
  const own = claims.reduce((sum, { weight }) => sum + weight, 0)
  if (own === 0) return undefined
  const sum = own >= 2 ? own : own + (isSuspected(view.text, hits) ? 1 : 0)
  if (sum < 1) return undefined
  return { severity: 'high', confidence: sum >= 2 ? 'likely' : 'possible' }
}

function isSuspected(text: string, hits: readonly number[]): boolean {
  const { block } = operatingPoints.description
  const [best] = scoreText(descriptionModel(), text, { hits, floor: block, isFloorFirm: true })
  return best !== undefined && best.score >= block
}
