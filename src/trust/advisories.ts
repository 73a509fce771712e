import { coerce, satisfies, valid, validRange } from 'semver'
import * as z from 'zod'

const advisory = z.strictObject({
  id: z.string().max(100),
  ecosystem: z.enum(['npm', 'pypi']),
  name: z.string().max(214),
  /** A range of semver, or one of exact versions joined by `||`. */
  vulnerable: z.string().max(4000),
  severity: z.enum(['low', 'medium', 'high', 'critical', 'unknown']),
  summary: z.string().max(500),
})

const snapshotSchema = z.strictObject({
  version: z.literal(1),
  takenAt: z.iso.datetime(),
  /** Whether it means to hold every advisory of its ecosystem; only then can it clear a package. */
  isComplete: z.boolean(),
  /** The packages that it was asked for, as keys; it says nothing of others. Left out where it means to hold everything. */
  asked: z.array(z.string().max(400)).max(100_000).optional(),
  advisories: z.array(advisory).max(500_000),
})

export type Advisory = z.infer<typeof advisory>
export type AdvisorySnapshot = z.infer<typeof snapshotSchema>

export type InstalledPackage = {
  readonly ecosystem: Advisory['ecosystem']
  readonly name: string
  readonly version: string
}

/** A package in one version, as lists name what they were asked for. */
export function packageKey({ ecosystem, name, version }: InstalledPackage): string {
  return `${ecosystem}:${name}@${version}`
}

export type AdvisoryCheck = {
  /** `unknown` is the honest answer of a list that is old or was never complete. */
  readonly state: 'affected' | 'clear' | 'unknown'
  readonly why: string
  readonly found: readonly (Advisory & { readonly installed: string })[]
}

const freshMs = 14 * 86_400_000

/** Compares installed packages with a snapshot. What it finds counts at any age; what it does not find only when fresh. */
export function checkAdvisories(
  installed: readonly InstalledPackage[],
  snapshot: AdvisorySnapshot | undefined,
  nowMs: number,
): AdvisoryCheck {
  if (snapshot === undefined) return { state: 'unknown', why: 'there is no list of advisories here', found: [] }
  const versions = Map.groupBy(installed, ({ ecosystem, name }) => `${ecosystem}:${name}`)
  const found = snapshot.advisories.flatMap(each =>
    (versions.get(`${each.ecosystem}:${each.name}`) ?? [])
      .filter(({ version }) => isIn(version, each))
      .map(({ version }) => ({ ...each, installed: version })),
  )
  const day = snapshot.takenAt.slice(0, 10)
  if (found.length > 0)
    return { state: 'affected', why: `${found.length} advisories of ${day} name what is installed`, found }
  if (!snapshot.isComplete)
    return { state: 'unknown', why: `the list of ${day} holds a few advisories, not all`, found }
  const asked = snapshot.asked === undefined ? undefined : new Set(snapshot.asked)
  const left = asked && installed.find(each => !asked.has(packageKey(each)))
  if (left) return { state: 'unknown', why: `the list of ${day} was not asked for ${packageKey(left)}`, found }
  if (nowMs - Date.parse(snapshot.takenAt) > freshMs) return { state: 'unknown', why: `the list is from ${day}`, found }
  return { state: 'clear', why: `no advisory of ${day} names what is installed`, found }
}

/**
 * A version is in where it is named as it is, or lies in a range. PyPI's own spellings are compared by their numbers, which
 * takes `1.2.post1` for 1.2: it may find too much there, and nothing less.
 */
function isIn(version: string, { vulnerable, ecosystem }: Advisory): boolean {
  if (vulnerable.split('||').some(part => part.trim() === version)) return true
  const comparable = ecosystem === 'pypi' ? (coerce(version)?.version ?? null) : valid(version)
  if (comparable === null || validRange(vulnerable) === null) return false
  return satisfies(comparable, vulnerable, { includePrerelease: true })
}

/** Reads a snapshot that was written earlier; undefined when it is none. */
export function readSnapshot(text: string): AdvisorySnapshot | undefined {
  const read = snapshotSchema.safeParse(jsonOf(text))
  return read.success ? read.data : undefined
}

const osvEvent = z.object({
  introduced: z.string().optional(),
  fixed: z.string().optional(),
  last_affected: z.string().optional(),
})
const osv = z.object({
  id: z.string(),
  summary: z.string().optional(),
  withdrawn: z.string().optional(),
  database_specific: z.object({ severity: z.string().optional() }).optional(),
  affected: z.array(
    z.object({
      package: z.object({ ecosystem: z.string(), name: z.string() }),
      ranges: z.array(z.object({ type: z.string(), events: z.array(osvEvent) })).optional(),
      versions: z.array(z.string()).optional(),
    }),
  ),
})

/** The advisories of one file in the OSV format; empty when it is none, was withdrawn, or is about other ecosystems. */
export function advisoriesOfOsv(text: string): Advisory[] {
  const read = osv.safeParse(jsonOf(text))
  if (!read.success || read.data.withdrawn !== undefined) return []
  const { id, summary = '', database_specific, affected } = read.data
  const level = database_specific?.severity?.toLowerCase().replace('moderate', 'medium')
  const severity = severities.find(each => each === level) ?? 'unknown'
  return affected.flatMap(({ package: { ecosystem, name }, ranges = [], versions = [] }) => {
    if (ecosystem !== 'npm' && ecosystem !== 'PyPI') return []
    const vulnerable = [...ranges.flatMap(({ events }) => rangesOf(events)), ...versions].join(' || ')
    if (vulnerable === '' || vulnerable.length > 4000) return []
    return [
      {
        id,
        ecosystem: ecosystem === 'npm' ? 'npm' : 'pypi',
        name,
        vulnerable,
        severity,
        summary: summary.slice(0, 500),
      },
    ]
  })
}

const severities = ['low', 'medium', 'high', 'critical'] as const

/** Events come in order: each `introduced` opens a stretch that the next `fixed` or `last_affected` closes. */
function rangesOf(events: readonly z.infer<typeof osvEvent>[]): string[] {
  const stretches: string[] = []
  let from: string | undefined
  for (const { introduced, fixed, last_affected: last } of events) {
    if (introduced !== undefined) from = introduced
    else if (from !== undefined && (fixed ?? last) !== undefined) {
      stretches.push(`>=${from} ${fixed === undefined ? `<=${last}` : `<${fixed}`}`)
      from = undefined
    }
  }
  return from === undefined ? stretches : [...stretches, `>=${from}`]
}

const npmAudit = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({
      severity: z.string(),
      range: z.string(),
      via: z.array(z.union([z.string(), z.object({ title: z.string(), url: z.string().optional() })])),
    }),
  ),
})

/** What `npm audit --json` said; undefined when it gave no answer, as registries without that service do. */
export function advisoriesOfNpmAudit(text: string): Advisory[] | undefined {
  const read = npmAudit.safeParse(jsonOf(text))
  if (!read.success) return undefined
  return Object.entries(read.data.vulnerabilities).flatMap(([name, { severity, range, via }]) => {
    const level = severity.replace('moderate', 'medium')
    return via.flatMap(each =>
      typeof each === 'string'
        ? []
        : [
            {
              id: each.url?.split('/').at(-1) ?? 'npm',
              ecosystem: 'npm' as const,
              name,
              vulnerable: range,
              severity: severities.find(known => known === level) ?? 'unknown',
              summary: each.title,
            },
          ],
    )
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
