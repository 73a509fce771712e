import { deedClaims } from './claim-deeds.ts'
import { powerClaims } from './claim-powers.ts'
import type { ClaimRule } from './claim-rule.ts'
import { takingClaims } from './claim-takes.ts'

/** Found sentence by sentence; what they weigh together decides. */
export const claimRules: readonly ClaimRule[] = [...takingClaims, ...powerClaims, ...deedClaims]
