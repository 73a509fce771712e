import * as z from 'zod'
import type { BundleVerdict, VerifyBundle } from './provenance.ts'

const signed = z.object({
  identity: z.object({
    subjectAlternativeName: z.string(),
    extensions: z.object({ issuer: z.string() }),
  }),
})

type Sigstore = { verify(bundle: unknown, options: object): Promise<unknown> }

const keysMs = 15_000
const moduleName = 'sigstore'

/** The verifier of the `sigstore` package, where somebody installed it beside this one; undefined where nobody did. */
export async function sigstoreVerifier(name: string = moduleName): Promise<VerifyBundle | undefined> {
  const sigstore = await load(name)
  return sigstore && (bundle => verdictOf(sigstore, bundle))
}

async function load(name: string): Promise<Sigstore | undefined> {
  try {
    const found: unknown = await import(name)
    return isSigstore(found) ? found : undefined
  } catch {
    return undefined
  }
}

function isSigstore(value: unknown): value is Sigstore {
  return value !== null && typeof value === 'object' && 'verify' in value && typeof value.verify === 'function'
}

/** A signature that does not hold is a fact; keys that could not be fetched, and whatever else goes wrong, are no answer. */
async function verdictOf(sigstore: Sigstore, bundle: unknown): Promise<BundleVerdict> {
  try {
    const read = signed.safeParse(await sigstore.verify(bundle, { timeout: keysMs, retry: 0 }))
    if (!read.success) return { state: 'invalid', why: 'it was signed with a key and not by a build' }
    const { subjectAlternativeName: signer, extensions } = read.data.identity
    return { state: 'valid', signer, issuer: extensions.issuer }
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause))
    // By class: not each of its errors carries a name of its own.
    const isVerdict = /^(?:Verification|Policy|Validation)Error$/u.test(error.constructor.name)
    return { state: isVerdict ? 'invalid' : 'unknown', why: error.message.slice(0, 300) }
  }
}
