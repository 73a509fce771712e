import { join } from 'node:path'
import { type AdvisoryCheck, advisoriesOfNpmAudit, checkAdvisories } from '../trust/advisories.ts'
import { installedOf } from '../trust/advisory-watch.ts'
import { knownAdvisories } from '../trust/known-advisories.ts'
import type { StoredPackage } from '../trust/lock-file.ts'
import { askNpm, type Reputation, reputationOf } from '../trust/npm-ask.ts'
import { provenanceOf } from '../trust/npm-provenance.ts'
import type { Provenance } from '../trust/provenance.ts'
import { sigstoreVerifier } from '../trust/sigstore-verifier.ts'
import { changeLock, dropPackage, type StoreRefused } from '../trust/store-change.ts'

/** What is known of a package beside its files. */
export type RegistrySaid = {
  readonly reputation: Reputation
  readonly advisories: AdvisoryCheck
  readonly provenance: Provenance
}

/** The package with what the registry says of it; or why it must not be used, and then it is out of the store. */
export type RegistryFacts =
  | { readonly ok: true; readonly known: StoredPackage; readonly said: RegistrySaid }
  | StoreRefused

/** The one registry that was named, or else npm's own; npm's program where it is not the one in PATH. */
type Whom = { readonly registry?: string; readonly npm?: string }

/** Asks who published a stored version, when, by which build, and what flaws of it are known. */
export async function registryFacts(root: string, stored: StoredPackage, whom: Whom): Promise<RegistryFacts> {
  const said = await ask(root, stored, whom)
  const { provenance, reputation } = said
  if (provenance.state === 'forged') {
    const key = `${stored.ecosystem}:${stored.name}@${stored.version}`
    // What stays in the store could be started by its exact version.
    changeLock({ root }, lock => dropPackage(lock, key))
    return { ok: false, reason: `${key}: ${provenance.why}`, wayOut: 'do not use this package' }
  }
  const { publisher, publishedAt } = reputation
  const when = publishedAt === undefined ? {} : { publishedAt }
  return { ok: true, said, known: { ...stored, publisher, ...when, ...originOf(provenance) } }
}

function originOf(found: Provenance): Pick<StoredPackage, 'provenance'> & { source?: string } {
  return found.state === 'verified' ? { provenance: 'verified', source: found.repository } : { provenance: 'unknown' }
}

/** Nothing is asked of a registry that has no such questions. */
async function ask(root: string, stored: StoredPackage, { registry, npm }: Whom): Promise<RegistrySaid> {
  const why = 'attestations of PyPI are not read'
  if (stored.ecosystem === 'pypi')
    return {
      ...{ reputation: reputationOf(''), advisories: advisoriesFor(stored, '') },
      provenance: { state: 'unknown', why },
    }
  const asking = {
    cwd: join(root, stored.folder),
    ...(registry === undefined ? {} : { registry }),
    ...(npm === undefined ? {} : { npm }),
  }
  const viewed = await askNpm(['view', `${stored.name}@${stored.version}`], asking)
  const audited = await askNpm(['audit', '--package-lock-only', '--omit=dev'], asking)
  const provenance = await provenanceOf(stored, viewed, sigstoreVerifier)
  return { reputation: reputationOf(viewed), advisories: advisoriesFor(stored, audited), provenance }
}

/** The registry's own answer where it gives one; the list that ships with us where it does not. */
function advisoriesFor(stored: StoredPackage, audited: string): AdvisoryCheck {
  const now = Date.now()
  const online = advisoriesOfNpmAudit(audited)
  const shipped = checkAdvisories(installedOf(stored), knownAdvisories, now)
  const more =
    stored.ecosystem === 'npm' ? 'the registry gave no answer' : 'sallyport server advisories --update asks for it'
  if (online === undefined) return { ...shipped, why: `${shipped.why}; ${more}` }
  const advisories = [...online, ...knownAdvisories.advisories]
  const asked = { version: 1, takenAt: new Date(now).toISOString(), isComplete: true, advisories } as const
  return checkAdvisories(installedOf(stored), asked, now)
}
