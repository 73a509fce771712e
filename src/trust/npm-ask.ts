import { execFile } from 'node:child_process'
import * as z from 'zod'
import { npmEnvironment } from './npm-fetch.ts'

export type NpmAsk = {
  readonly npm?: string
  readonly registry?: string
  readonly timeoutMs?: number
  readonly cwd: string
}

const askMs = 30_000
const answerBytesMax = 16 * 1024 * 1024

/** What npm prints for a question, whatever it exits with; empty when there is no npm or no answer in time. */
export function askNpm(
  words: readonly string[],
  { npm = 'npm', registry, timeoutMs = askMs, cwd }: NpmAsk,
): Promise<string> {
  const extra = registry === undefined ? [] : [`--registry=${registry}`]
  const options = {
    cwd,
    env: npmEnvironment(process.env),
    timeout: timeoutMs,
    maxBuffer: answerBytesMax,
    killSignal: 'SIGKILL',
  } as const
  return new Promise(resolve => {
    execFile(npm, [...words, '--json', '--ignore-scripts', ...extra], options, (_, stdout) => resolve(stdout))
  })
}

/** What is known of a package's origin. `unknown` where the registry does not say, never a guess. */
export type Reputation = {
  readonly publisher: string
  readonly firstPublished: string
  /** When this very version was, as a whole time; undefined where the registry does not say. */
  readonly publishedAt?: string
  /** As the package says; `verified` provenance is another thing. */
  readonly repository: string
  readonly deprecated: string
  readonly attested: 'yes' | 'unknown'
  /** No registry says it; another service counts. */
  readonly downloads: 'unknown'
}

const person = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)])
const address = z.union([z.string(), z.object({ url: z.string() }).transform(({ url }) => url)])
const view = z.object({
  repository: address.optional(),
  _npmUser: person.optional(),
  maintainers: z.array(person).optional(),
  version: z.string().optional(),
  time: z.record(z.string(), z.unknown()).optional(),
  deprecated: z.string().optional(),
  dist: z.object({ attestations: z.unknown().optional() }).optional(),
})

/** Reads an answer of `npm view --json`. */
export function reputationOf(text: string): Reputation {
  const read = view.safeParse(jsonOf(text))
  const facts: z.infer<typeof view> = read.success ? read.data : {}
  const { _npmUser: by, maintainers, time = {}, deprecated, dist, repository, version = '' } = facts
  const publishedAt = dayIn(Object.hasOwn(time, version) ? time[version] : undefined)
  // A registry that leaves out who published leaves out deprecation too: its silence is not a no.
  const isTold = by !== undefined || maintainers !== undefined
  return {
    publisher: (by ?? maintainers?.join(', ') ?? 'unknown').slice(0, 300) || 'unknown',
    repository: repository?.slice(0, 300) ?? 'unknown',
    firstPublished: dayIn(time['created'])?.slice(0, 10) ?? 'unknown',
    ...(publishedAt === undefined ? {} : { publishedAt }),
    deprecated: deprecated?.slice(0, 300) ?? (isTold ? 'no' : 'unknown'),
    // Named is not verified: whoever verifies signatures says `verified` in the lock.
    attested: dist?.attestations === undefined ? 'unknown' : 'yes',
    downloads: 'unknown',
  }
}

/** A time in the one spelling that the lock takes. */
function dayIn(value: unknown): string | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? undefined : new Date(at).toISOString()
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.at(-1) : value
  } catch {
    return undefined
  }
}
