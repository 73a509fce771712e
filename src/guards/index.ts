import type { Guard } from '../core/guard.ts'
import { exfiltrationLinks } from './exfiltration-links.ts'
import { hiddenText } from './hidden-text.ts'
import { roleTokens } from './role-tokens.ts'

/** Every guard, in the order people read them; order has no effect on verdicts. */
export const guards: readonly Guard[] = [hiddenText, roleTokens, exfiltrationLinks]
