import * as z from 'zod'
import { fetchJson } from './fetch-json.ts'
import type { StoredPackage } from './lock-file.ts'
import { checkProvenance, type Provenance, type VerifyBundle } from './provenance.ts'

const view = z.object({ dist: z.object({ tarball: z.url(), attestations: z.object({ url: z.url() }) }) })

const bounds = { timeoutMs: 15_000, bytesMax: 4 * 1024 * 1024 } as const

/** Provenance of a stored package, from what `npm view` said of it. Asks the registry itself and no host that it names. */
export async function provenanceOf(
  stored: Pick<StoredPackage, 'name' | 'version' | 'integrity'>,
  viewed: string,
  verifier: () => Promise<VerifyBundle | undefined>,
): Promise<Provenance> {
  const url = addressIn(viewed)
  if (url === undefined) return { state: 'unknown', why: 'the registry names no attestation' }
  try {
    return await checkProvenance(stored, await fetchJson({ url, ...bounds }), await verifier())
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    return { state: 'unknown', why: `the attestation could not be fetched: ${detail}`.slice(0, 300) }
  }
}

/** An address elsewhere would make every install a request to whatever the package's page names. */
function addressIn(viewed: string): URL | undefined {
  try {
    const value: unknown = JSON.parse(viewed)
    const read = view.safeParse(Array.isArray(value) ? value.at(-1) : value)
    if (!read.success) return undefined
    const url = new URL(read.data.dist.attestations.url)
    return url.origin === new URL(read.data.dist.tarball).origin ? url : undefined
  } catch {
    return undefined
  }
}
