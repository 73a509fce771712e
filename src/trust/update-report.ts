import { coerce, lt, parse } from 'semver'
import type { Json, JsonObject } from '../core/json.ts'
import type { StoredPackage } from './lock-file.ts'
import { beyondDeclared, type SourceAudit } from './source-audit.ts'

/** What a server showed when it was tried in a sandbox, without credentials and without network. */
export type Trial =
  | {
      readonly ok: true
      /** By part (`server`, `tools`, …) and name. */
      readonly surface: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>
      /** What came back for each call that was played, in order. */
      readonly answers: readonly Json[]
    }
  | { readonly ok: false; readonly reason: string }

export type Candidate = {
  readonly stored: StoredPackage
  readonly audit: SourceAudit
  readonly trial: Trial
  /** What lists and the registry say against it. */
  readonly warnings?: readonly string[]
}

export type Change = {
  readonly what: 'surface' | 'permission' | 'source' | 'dependency' | 'origin' | 'answer' | 'trial' | 'warning'
  readonly text: string
  /** Whether a person should look before it is promoted. */
  readonly isGrave: boolean
}

export type UpdateReport = {
  readonly from: string
  readonly to: string
  readonly changes: readonly Change[]
  readonly recommendation: 'promote' | 'review' | 'do not promote'
  readonly because: string
}

const changesMax = 500

/** Compares two versions of one server in everything that was found out about them. */
export function compareVersions(
  old: Candidate,
  next: Candidate,
  calls: readonly { readonly tool: string }[] = [],
): UpdateReport {
  const changes = [
    ...warnings(old, next),
    ...trialChanges(old.trial, next.trial, calls),
    ...permissionChanges(old.audit, next.audit),
    ...sourceChanges(old.audit, next.audit),
    ...dependencyChanges(old.stored, next.stored),
    ...originChanges(old.stored, next.stored),
  ].slice(0, changesMax)
  const names = { from: `${old.stored.name}@${old.stored.version}`, to: `${next.stored.name}@${next.stored.version}` }
  return { ...names, changes, ...advise(changes, next) }
}

function advise(changes: readonly Change[], next: Candidate): Pick<UpdateReport, 'recommendation' | 'because'> {
  if (!next.trial.ok)
    return { recommendation: 'do not promote', because: `the new version did not run: ${next.trial.reason}` }
  const script = changes.find(({ what, text }) => what === 'source' && /install-script|obfuscated/u.test(text))
  if (script) return { recommendation: 'do not promote', because: script.text }
  const grave = changes.filter(({ isGrave }) => isGrave)
  if (grave.length > 0)
    return { recommendation: 'review', because: `${grave.length} changes need a person's eye: ${grave[0]?.text}` }
  return {
    recommendation: 'promote',
    because: changes.length === 0 ? 'nothing changed' : 'nothing that it shows or may do grew',
  }
}

function trialChanges(old: Trial, next: Trial, calls: Calls): Change[] {
  if (!next.ok) return [{ what: 'trial', text: `the new version did not run: ${next.reason}`, isGrave: true }]
  if (!old.ok)
    return [
      { what: 'trial', text: `the old version did not run, so nothing is compared: ${old.reason}`, isGrave: true },
    ]
  const parts = [...new Set([...Object.keys(old.surface), ...Object.keys(next.surface)])]
  return [
    ...parts.flatMap(part => itemChanges(part, old.surface[part] ?? {}, next.surface[part] ?? {})),
    ...answerChanges(old.answers, next.answers, calls),
  ]
}

/** A registry, or a tag that was moved, can offer an old version as the news: its flaws are known to everybody. */
function warnings({ stored: old }: Candidate, { stored, warnings: told = [] }: Candidate): Change[] {
  const isOlder = isBefore(stored, old)
  const texts = [...(isOlder ? [`${stored.version} is older than ${old.version}, which is in force`] : []), ...told]
  return texts.map(text => ({ what: 'warning', text, isGrave: true }))
}

/** By the numbers that both spellings of versions share; what has none is not said to be older. */
function isBefore(next: StoredPackage, old: StoredPackage): boolean {
  const [a, b] = [next, old].map(({ version, ecosystem }) => (ecosystem === 'npm' ? parse(version) : coerce(version)))
  return a != null && b != null && lt(a, b)
}

type Items = Readonly<Record<string, JsonObject>>

function itemChanges(part: string, old: Items, next: Items): Change[] {
  const names = [...new Set([...Object.keys(old), ...Object.keys(next)])].toSorted()
  return names.flatMap((name): Change[] => {
    const [before, after] = [old[name], next[name]]
    if (after === undefined) return [{ what: 'surface', text: `${part}: ${name} is gone`, isGrave: false }]
    if (before === undefined) return [{ what: 'surface', text: `${part}: ${name} is new`, isGrave: true }]
    const keys = changedKeys(before, after)
    if (keys.length === 0) return []
    return [{ what: 'surface', text: `${part}: ${name} has another ${keys.join(', ')}`, isGrave: true }]
  })
}

function changedKeys(before: JsonObject, after: JsonObject): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()
  return keys.filter(key => canonical(before[key]) !== canonical(after[key]))
}

function canonical(value: Json | undefined): string {
  return JSON.stringify(value, (_, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}

type Calls = readonly { readonly tool: string }[]

function answerChanges(old: readonly Json[], next: readonly Json[], calls: Calls): Change[] {
  return old.flatMap((answer, i) =>
    canonical(answer) === canonical(next[i])
      ? []
      : [{ what: 'answer', text: `call ${i + 1}${nameOf(calls[i])} is answered differently`, isGrave: true }],
  )
}

function nameOf(call: { readonly tool: string } | undefined): string {
  return call === undefined ? '' : ` (${call.tool.slice(0, 100)})`
}

function permissionChanges(old: SourceAudit, next: SourceAudit): Change[] {
  const more = beyondDeclared(next, old.proposed).map(text =>
    text.replace(', which is not declared', ', which the old one did not'),
  )
  return more.map(text => ({ what: 'permission', text, isGrave: true }))
}

/** Kinds of deeds that a version does and the one before did not; line numbers move in every release. */
function sourceChanges(old: SourceAudit, next: SourceAudit): Change[] {
  const before = new Set(old.facts.map(({ kind, what }) => `${kind}: ${what}`))
  const fresh = next.facts.filter(
    ({ kind, what }) => !before.has(`${kind}: ${what}`) && kind !== 'host' && kind !== 'env',
  )
  const told = new Map(
    fresh.map(fact => [`${fact.kind}: ${fact.what}`, `${fact.kind}: ${fact.what} (${fact.file}:${fact.line})`]),
  )
  return [...told.values()].map(text => ({ what: 'source', text, isGrave: true }))
}

function dependencyChanges(old: StoredPackage, next: StoredPackage): Change[] {
  const paths = [...new Set([...Object.keys(old.dependencies), ...Object.keys(next.dependencies)])].toSorted()
  const scripts = next.installScripts.filter(path => !old.installScripts.includes(path))
  return [
    ...paths.flatMap(path => dependencyChange(path, old.dependencies[path], next.dependencies[path])),
    ...deedChanges(old.deeds ?? {}, next.deeds ?? {}),
    ...scripts.map(path => ({
      what: 'dependency' as const,
      text: `${path} now has an install script (it is not run)`,
      isGrave: true,
    })),
  ]
}

type Deeds = Readonly<Record<string, readonly string[]>>

/** A dependency that does what it did not do before is how most packages turned bad. */
function deedChanges(old: Deeds, next: Deeds): Change[] {
  return Object.entries(next).flatMap(([deed, names]) => {
    const before = new Set(old[deed])
    const fresh = names.filter(name => !before.has(name))
    return fresh.map(name => ({ what: 'dependency' as const, text: `${name} now: ${deed}`, isGrave: true }))
  })
}

/** Packages change hands quietly. A registry that says nothing of one of the two is no change. */
function originChanges(old: StoredPackage, next: StoredPackage): Change[] {
  const isKnown = old.publisher !== 'unknown' && next.publisher !== 'unknown'
  const changes = [
    ...(isKnown && old.publisher !== next.publisher
      ? [`published by ${next.publisher}, the old one by ${old.publisher}`]
      : []),
    ...(old.provenance === 'verified' && next.provenance !== 'verified'
      ? ['no verified build is behind it, and there was one behind the old one']
      : []),
    ...(old.source !== undefined && next.source !== undefined && old.source !== next.source
      ? [`built from ${next.source}, the old one from ${old.source}`]
      : []),
  ]
  return changes.map(text => ({ what: 'origin', text, isGrave: true }))
}

function dependencyChange(path: string, before: string | undefined, after: string | undefined): Change[] {
  if (before === after) return []
  const name = path.split('node_modules/').at(-1) ?? path
  if (before === undefined) return [{ what: 'dependency', text: `${name}@${after} is new`, isGrave: true }]
  if (after === undefined) return [{ what: 'dependency', text: `${name} is gone`, isGrave: false }]
  // `npm:other@1.0.0` is another package that is loaded under this name.
  const isAnother = packageIn(before) !== packageIn(after)
  return [{ what: 'dependency', text: `${name} ${before} → ${after}`, isGrave: isAnother }]
}

function packageIn(version: string): string {
  return /^npm:(.+)@/u.exec(version)?.[1] ?? ''
}
