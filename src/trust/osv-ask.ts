import * as z from 'zod'
import {
  type Advisory,
  type AdvisorySnapshot,
  advisoriesOfOsv,
  type InstalledPackage,
  packageKey,
} from './advisories.ts'
import { fetchJson } from './fetch-json.ts'

export type OsvOptions = {
  /** Where the service is; a mirror inside an organisation speaks the same. */
  readonly url: string
  readonly nowMs: number
  readonly timeoutMs?: number
}

export type OsvAnswer =
  | { readonly ok: true; readonly snapshot: AdvisorySnapshot }
  | { readonly ok: false; readonly reason: string }

const bounds = { packages: 5000, batch: 500, flaws: 500, bytes: 8 * 1024 * 1024, totalMs: 60_000 } as const
const ecosystems = { npm: 'npm', pypi: 'PyPI' } as const

const batch = z.object({
  results: z.array(
    z.object({
      vulns: z.array(z.object({ id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/u) })).optional(),
      next_page_token: z.string().optional(),
    }),
  ),
})

/**
 * Asks a service that speaks OSV about exactly these packages. Half an answer is none: a list that left something out could
 * clear what it was never asked about.
 */
export async function askOsv(installed: readonly InstalledPackage[], options: OsvOptions): Promise<OsvAnswer> {
  const wanted = [...new Map(installed.map(each => [packageKey(each), each])).values()]
  if (wanted.length > bounds.packages) return { ok: false, reason: `more than ${bounds.packages} packages` }
  try {
    const flaws = await flawsOf(wanted, options)
    if (typeof flaws === 'string') return { ok: false, reason: flaws }
    const takenAt = new Date(options.nowMs).toISOString()
    const asked = wanted.map(packageKey)
    return { ok: true, snapshot: { version: 1, takenAt, isComplete: true, asked, advisories: flaws } }
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    return { ok: false, reason: `the service could not be reached: ${detail}`.slice(0, 300) }
  }
}

async function flawsOf(wanted: readonly InstalledPackage[], options: OsvOptions): Promise<Advisory[] | string> {
  const affected = new Map<string, InstalledPackage[]>()
  for (let at = 0; at < wanted.length; at += bounds.batch) {
    const part = wanted.slice(at, at + bounds.batch)
    const queries = part.map(({ name, version, ecosystem }) => ({
      package: { name, ecosystem: ecosystems[ecosystem] },
      version,
    }))
    const read = batch.safeParse(await ask('v1/querybatch', options, { queries }))
    if (!read.success || read.data.results.length !== part.length)
      return 'the service gave another answer than was asked for'
    for (const [i, { vulns = [], next_page_token }] of read.data.results.entries()) {
      const one = part[i]
      if (one === undefined || next_page_token !== undefined) return 'the service gave only a part of its answer'
      for (const { id } of vulns) affected.set(id, [...(affected.get(id) ?? []), one])
    }
    if (affected.size > bounds.flaws) return `the service names more than ${bounds.flaws} flaws`
  }
  const all: Advisory[] = []
  for (const [id, packages] of affected) {
    const found = advisoriesOfOsv(JSON.stringify(await ask(`v1/vulns/${id}`, options)))
    for (const one of packages) all.push(described(id, one, found))
  }
  return all
}

/** The service said that this version is affected: that is kept, whatever can be made of the ranges. */
function described(id: string, { ecosystem, name, version }: InstalledPackage, found: readonly Advisory[]): Advisory {
  const known = found.find(each => each.ecosystem === ecosystem && each.name === name)
  const { severity = 'unknown', summary = '' } = known ?? {}
  return { id, ecosystem, name, vulnerable: version, severity, summary }
}

function ask(path: string, { url, timeoutMs = bounds.totalMs }: OsvOptions, body?: object): Promise<unknown> {
  const base = url.endsWith('/') ? url : `${url}/`
  return fetchJson({ url: new URL(path, base), timeoutMs, bytesMax: bounds.bytes, body })
}
