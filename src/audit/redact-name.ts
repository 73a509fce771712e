import type { Redacted } from '../core/brand.ts'
import { redactText } from './redact.ts'

/** Names are short and few; the rest is read each time, so that nobody fills the memory with inventions. */
const nameChars = 100
const namesMax = 500

const known = new Map<string, Redacted>()

/** The same as `redactText`, for names that come again with every message: of tools, rules and severities. */
export function redactName(name: string): Redacted {
  const found = known.get(name)
  if (found !== undefined) return found
  const redacted = redactText(name)
  // A name in which something was hidden may be a secret: it is not kept.
  if (name.length > nameChars || redacted !== name) return redacted
  if (known.size >= namesMax) known.clear()
  known.set(name, redacted)
  return redacted
}
