import type { Guard } from '../core/guard.ts'
import { hiddenText } from './hidden-text.ts'

/** Every guard, in the order people read them; order has no effect on verdicts. */
export const guards: readonly Guard[] = [hiddenText]
