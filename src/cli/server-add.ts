import { readLock, type StoredPackage } from '../trust/lock-file.ts'
import { checkName } from '../trust/lookalike.ts'
import { newNpmFetch } from '../trust/npm-fetch.ts'
import { npmSource } from '../trust/npm-package.ts'
import { type PackageSource, storePackage } from '../trust/package-store.ts'
import { newPypiSource } from '../trust/pypi-source.ts'
import { enterServer, refuseNewcomer } from '../trust/server-register.ts'
import type { SourceAudit } from '../trust/source-audit.ts'
import { changeLock, lockPath, notePackage } from '../trust/store-change.ts'
import { auditStored } from '../trust/stored-audit.ts'
import { auditTree, deedLines, type TreeAudit } from '../trust/tree-audit.ts'
import { type DeclaredDifference, declaredDifference } from './declared-difference.ts'
import { configFiles, print, say } from './find-config.ts'
import type { ExitCode } from './program.ts'
import { proposedPiece } from './proposed-piece.ts'
import { type RegistrySaid, registryFacts } from './registry-facts.ts'
import { printJson } from './say.ts'

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
  say(`fetching ${wanted.name} and what it needs, without running any of it, and reading its source …`)
  const stored = await storePackage(wanted, sourceOf(ecosystem, asked.registry), { root })
  if (!stored.ok) return failed(stored)
  const facts = await registryFacts(root, stored.stored, asked)
  if (!facts.ok) return failed(facts)
  const { tree, known } = withDeeds(root, facts.known)
  const entered = changeLock({ root }, lock => {
    const newcomer = { name, key: stored.key, owner: asked.owner, why: asked.why, nowMs: Date.now() }
    const noted = notePackage(lock, stored.key, known)
    return noted.ok ? enterServer(noted.lock, newcomer) : noted
  })
  if (!entered.ok) return failed(entered)
  const audit = auditStored(root, known)
  const start = { name, command: startWords(known), cwd: process.cwd(), files: configFiles(undefined) }
  const news = { ...facts.said, verdict: check.verdict, audit, tree, declared: await declaredDifference(start, audit) }
  if (asked.json === true) printJson({ server: name, ...known, ...news })
  else tell(name, { stored: known, ...news })
  return facts.said.advisories.state === 'affected' ? 1 : 0
}

/** A package with what its dependencies can do, which reading all of them tells. */
export function withDeeds(
  root: string,
  stored: StoredPackage,
): { readonly tree: TreeAudit; readonly known: StoredPackage } {
  const tree = auditTree(root, stored)
  return { tree, known: { ...stored, deeds: tree.deeds } }
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

/** `@scope/name@1.2.3`, `name`. */
function wantedOf(spec: string): { name: string; spec: string } {
  const at = spec.indexOf('@', 1)
  return at < 0 ? { name: spec, spec: 'latest' } : { name: spec.slice(0, at), spec: spec.slice(at + 1) }
}

export function failed({ reason, wayOut }: { readonly reason: string; readonly wayOut: string }): ExitCode {
  say(`${reason}. ${wayOut}`)
  return 2
}

type News = RegistrySaid & {
  readonly stored: StoredPackage
  readonly verdict: string
  readonly audit: SourceAudit
  readonly tree: TreeAudit
  readonly declared: DeclaredDifference
}

const factsShown = 20

function tell(name: string, news: News): void {
  const { stored, verdict, audit, tree, declared, advisories, reputation, provenance } = news
  const { version, files, integrity, publisher, installScripts, publishedAt = 'unknown' } = stored
  const { firstPublished, deprecated, attested, downloads, repository } = reputation
  const out = print
  out(`${name}: ${stored.name}@${version} (${verdict}), ${files.count} files, ${integrity.slice(0, 24)}…`)
  const when = `this version ${publishedAt.slice(0, 10)}`
  out(
    `publisher ${publisher}, first published ${firstPublished}, ${when}, downloads ${downloads}, deprecated: ${deprecated}`,
  )
  const origin = provenance.state === 'verified' ? `built from ${provenance.repository}` : provenance.why
  out(`repository, as it says: ${repository}; provenance ${provenance.state} (${origin}; attested: ${attested})`)
  if (installScripts.length > 0) out(`install scripts, not run: ${installScripts.join(', ')}`)
  out(`advisories: ${advisories.state} (${advisories.why})`)
  for (const { id, name: what, summary } of advisories.found) out(`  ${id} ${what}: ${summary}`)
  for (const { kind, what, file, line } of audit.facts.slice(0, factsShown)) out(`  ${kind}: ${what} (${file}:${line})`)
  if (audit.facts.length > factsShown) out(`  and ${audit.facts.length - factsShown} more: --json shows them`)
  for (const text of audit.notInspected) out(`  not inspected: ${text}`)
  out(`dependencies: ${tree.packages} packages, ${tree.files} of ${tree.filesThere} scripts read`)
  for (const line of deedLines(tree.deeds)) out(`  ${line}`)
  out(
    declared.beyond.length === 0
      ? `nothing beyond its permissions (${declared.source})`
      : `beyond its permissions (${declared.source}):`,
  )
  for (const text of declared.beyond.slice(0, factsShown)) out(`  it ${text}`)
  const { proposed } = audit
  const piece = proposedPiece({ name, words: startWords(stored), proposed, environment: process.env })
  const note = dependencyNote(tree)
  print('', ...(note === '' ? [] : [`# ${note}`]), ...piece.split('\n'))
}

/** The proposal is made of the server's own source; what its dependencies add is refused until a person gives it. */
function dependencyNote({ deeds }: TreeAudit): string {
  const told = (['reaches the network', 'starts programs', 'machine code', 'not read'] as const).flatMap(deed => {
    const count = deeds[deed]?.length ?? 0
    return count === 0 ? [] : [`${deed} (${count})`]
  })
  return told.length === 0 ? '' : `not counting its dependencies: ${told.join(', ')}`
}
