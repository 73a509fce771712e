import { join } from 'node:path'
import { type AdvisoryCheck, advisoriesOfNpmAudit, checkAdvisories } from '../trust/advisories.ts'
import { installedOf } from '../trust/advisory-watch.ts'
import { knownAdvisories } from '../trust/known-advisories.ts'
import { readLock, type StoredPackage } from '../trust/lock-file.ts'
import { checkName } from '../trust/lookalike.ts'
import { askNpm, type Reputation, reputationOf } from '../trust/npm-ask.ts'
import { newNpmFetch } from '../trust/npm-fetch.ts'
import { npmSource } from '../trust/npm-package.ts'
import { provenanceOf } from '../trust/npm-provenance.ts'
import { type PackageSource, storePackage } from '../trust/package-store.ts'
import type { Provenance } from '../trust/provenance.ts'
import { newPypiSource } from '../trust/pypi-source.ts'
import { enterServer, refuseNewcomer } from '../trust/server-register.ts'
import { sigstoreVerifier } from '../trust/sigstore-verifier.ts'
import type { SourceAudit } from '../trust/source-audit.ts'
import { changeLock, dropPackage, lockPath } from '../trust/store-change.ts'
import { auditStored } from '../trust/stored-audit.ts'
import { type DeclaredDifference, declaredDifference } from './declared-difference.ts'
import { configFiles, say } from './find-config.ts'
import type { ExitCode } from './program.ts'

export type AddAsked = {
  readonly why: string
  readonly owner: string
  readonly acceptLookalike?: boolean
  readonly registry?: string
  readonly pypi?: boolean
  readonly image?: boolean
  readonly json?: boolean
}

/** Checks the name, installs once, audits, and enters the server; prints what the audit found and a piece of configuration. */
export async function addServer(
  root: string,
  { name, spec }: { readonly name: string; readonly spec: string },
  asked: AddAsked,
): Promise<ExitCode> {
  const wanted = wantedOf(spec)
  const ecosystem = asked.pypi === true ? 'pypi' : 'npm'
  const check = checkName(wanted.name, ecosystem)
  if (check.verdict === 'lookalike' && asked.acceptLookalike !== true) {
    say(`${wanted.name} ${check.why}. Did you mean ${check.of}? If not: --accept-lookalike`)
    return 1
  }
  const before = readLock(lockPath(root))
  const refused = before.ok ? refuseNewcomer(before.lock, { name, why: asked.why }) : before
  if (refused !== undefined) return failed(refused)
  const stored = await storePackage(wanted, sourceOf(ecosystem, asked.registry), { root })
  if (!stored.ok) return failed(stored)
  const facts = await factsFor(root, stored.stored, asked.registry)
  if (facts.provenance.state === 'forged') {
    // What stays in the store could be started by its exact version.
    changeLock({ root }, lock => dropPackage(lock, stored.key))
    return failed({ reason: `${stored.key}: ${facts.provenance.why}`, wayOut: 'do not use this package' })
  }
  const { publisher } = facts.reputation
  const known: StoredPackage = { ...stored.stored, publisher, ...originOf(facts.provenance) }
  const entered = changeLock({ root }, lock => {
    const newcomer = { name, key: stored.key, owner: asked.owner, why: asked.why, nowMs: Date.now() }
    return enterServer({ ...lock, packages: { ...lock.packages, [stored.key]: known } }, newcomer)
  })
  if (!entered.ok) return failed(entered)
  const audit = auditStored(root, known)
  const start = { name, command: startWords(known), cwd: process.cwd(), files: configFiles(undefined) }
  const news = { ...facts, verdict: check.verdict, audit, declared: await declaredDifference(start, audit) }
  if (asked.json === true) process.stdout.write(`${JSON.stringify({ server: name, ...known, ...news }, null, 2)}\n`)
  else tell(name, { stored: known, ...news })
  return facts.advisories.state === 'affected' ? 1 : 0
}

/** Where packages of an ecosystem come from: what the user configured, or the one registry that was named. */
export function sourceOf(ecosystem: StoredPackage['ecosystem'], registry: string | undefined): PackageSource {
  if (ecosystem === 'pypi') return newPypiSource({ index: registry })
  return npmSource(newNpmFetch(registry === undefined ? {} : { registry }))
}

/** The words by which a configuration starts exactly this package. */
export function startWords({ ecosystem, name, version }: StoredPackage): string[] {
  return ecosystem === 'pypi' ? ['uvx', `${name}@${version}`] : ['npx', '-y', `${name}@${version}`]
}

type Asked = { readonly reputation: Reputation; readonly advisories: AdvisoryCheck; readonly provenance: Provenance }

function originOf(found: Provenance): Pick<StoredPackage, 'provenance'> & { source?: string } {
  return found.state === 'verified' ? { provenance: 'verified', source: found.repository } : { provenance: 'unknown' }
}

/** What the registry says of it; nothing is asked of a registry that has no such questions. */
async function factsFor(root: string, stored: StoredPackage, registry: string | undefined): Promise<Asked> {
  const why = 'attestations of PyPI are not read'
  if (stored.ecosystem === 'pypi')
    return {
      ...{ reputation: reputationOf(''), advisories: advisoriesFor(stored, '') },
      provenance: { state: 'unknown', why },
    }
  const asking = { cwd: join(root, stored.folder), ...(registry === undefined ? {} : { registry }) }
  const viewed = await askNpm(['view', `${stored.name}@${stored.version}`], asking)
  const audited = await askNpm(['audit', '--package-lock-only', '--omit=dev'], asking)
  const provenance = await provenanceOf(stored, viewed, sigstoreVerifier)
  return { reputation: reputationOf(viewed), advisories: advisoriesFor(stored, audited), provenance }
}

/** `@scope/name@1.2.3`, `name`. */
function wantedOf(spec: string): { name: string; spec: string } {
  const at = spec.indexOf('@', 1)
  return at < 0 ? { name: spec, spec: 'latest' } : { name: spec.slice(0, at), spec: spec.slice(at + 1) }
}

export function failed({ reason, wayOut }: { readonly reason: string; readonly wayOut: string }): ExitCode {
  say(`${reason}. ${wayOut}`)
  return 2
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

type News = {
  readonly stored: StoredPackage
  readonly verdict: string
  readonly audit: SourceAudit
  readonly advisories: AdvisoryCheck
  readonly reputation: Reputation
  readonly provenance: Provenance
  readonly declared: DeclaredDifference
}

const factsShown = 20

function tell(name: string, { stored, verdict, audit, declared, advisories, reputation, provenance }: News): void {
  const { version, files, integrity, publisher, installScripts } = stored
  const { firstPublished, deprecated, attested, downloads, repository } = reputation
  const out = (line: string) => process.stdout.write(`${line}\n`)
  out(`${name}: ${stored.name}@${version} (${verdict}), ${files.count} files, ${integrity.slice(0, 24)}…`)
  out(`publisher ${publisher}, first published ${firstPublished}, downloads ${downloads}, deprecated: ${deprecated}`)
  const origin = provenance.state === 'verified' ? `built from ${provenance.repository}` : provenance.why
  out(`repository, as it says: ${repository}; provenance ${provenance.state} (${origin}; attested: ${attested})`)
  if (installScripts.length > 0) out(`install scripts, not run: ${installScripts.join(', ')}`)
  out(`advisories: ${advisories.state} (${advisories.why})`)
  for (const { id, name: what, summary } of advisories.found) out(`  ${id} ${what}: ${summary}`)
  for (const { kind, what, file, line } of audit.facts.slice(0, factsShown)) out(`  ${kind}: ${what} (${file}:${line})`)
  if (audit.facts.length > factsShown) out(`  and ${audit.facts.length - factsShown} more: --json shows them`)
  for (const text of audit.notInspected) out(`  not inspected: ${text}`)
  out(
    declared.beyond.length === 0
      ? `nothing beyond its permissions (${declared.source})`
      : `beyond its permissions (${declared.source}):`,
  )
  for (const text of declared.beyond.slice(0, factsShown)) out(`  it ${text}`)
  const { schema: _, reason, ...permissions } = audit.proposed
  const words = startWords(stored).map(word => JSON.stringify(word))
  const lines = [`command: [${words.join(', ')}]`, `permissions: ${JSON.stringify(permissions)}`]
  out(`\n# ${reason}\nservers:\n  ${name}:\n    ${lines.join('\n    ')}`)
}
