import type { ServerConfig } from '../config/config.ts'
import type { ServerName } from '../core/brand.ts'
import { type PinSubject, trusts } from '../core/pin.ts'
import { identityOf } from '../trust/surface-identity.ts'

const subjects = new WeakMap<ServerConfig, PinSubject>()

/** Whose surface it is that a server shows; one that is not configured is nobody's, and held the strictest way. */
export function pinSubject(config: ServerConfig | undefined, server: ServerName): PinSubject {
  if (config === undefined) return { server, identity: server, trust: 'manual' }
  const known = subjects.get(config)
  if (known !== undefined) return known
  const subject = { server, identity: identityOf(server, config.connect), trust: trustIn(config.settings.trust) }
  subjects.set(config, subject)
  return subject
}

/** What was really started, known once it was. */
export function startedAs(config: ServerConfig, artefact: string): void {
  subjects.set(config, { ...pinSubject(config, config.name), artefact })
}

/** A word that this version does not know counts as the strictest. */
function trustIn(word: string): PinSubject['trust'] {
  return trusts.find(known => known === word) ?? 'manual'
}
