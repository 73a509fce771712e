import { stringify } from 'yaml'
import { composeService, type Image } from './container.ts'
import type { Plan } from './plan.ts'
import type { Written } from './target.ts'

/** A compose file for one server; apart from the container's own start, which needs no YAML. */
export function composeFile(plan: Plan, image: Image): Written {
  const made = composeService(plan, image)
  if (!made.ok) return made
  const name = plan.server.replaceAll(/[^A-Za-z0-9._-]/gu, '_')
  // Engines still read `no` as false where it is not quoted.
  const text = stringify({ services: { [name]: made.service } }, { lineWidth: 0, version: '1.1' })
  return { ok: true, text, losses: made.losses }
}
