import type { Guard } from '../core/guard.ts'
import { allowlist } from './allowlist.ts'
import { classified } from './classified.ts'
import { description } from './description.ts'
import { exfiltrationLinks } from './exfiltration-links.ts'
import { hiddenText } from './hidden-text.ts'
import { injection } from './injection.ts'
import { limits } from './limits.ts'
import { loops } from './loops.ts'
import { masking } from './masking.ts'
import { ownVoice } from './own-voice.ts'
import { pii } from './pii.ts'
import { pins } from './pins.ts'
import { questions } from './questions.ts'
import { rate } from './rate.ts'
import { requestState } from './request-state.ts'
import { roleTokens } from './role-tokens.ts'
import { schema } from './schema.ts'
import { secrets } from './secrets.ts'
import { source } from './source.ts'
import { timeout } from './timeout.ts'
import { truncation } from './truncation.ts'

/** Every guard, in the order people read them; order has no effect on verdicts. */
export const guards: readonly Guard[] = [
  allowlist,
  pins,
  schema,
  limits,
  truncation,
  rate,
  loops,
  timeout,
  requestState,
  questions,
  source,
  hiddenText,
  injection,
  description,
  roleTokens,
  ownVoice,
  exfiltrationLinks,
  secrets,
  pii,
  classified,
  masking,
]
