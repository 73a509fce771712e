import * as z from 'zod'

/** What a verifier of signatures says of one bundle; `unknown` where it could not ask for the keys it trusts. */
export type BundleVerdict =
  | { readonly state: 'valid'; readonly signer: string; readonly issuer: string }
  | { readonly state: 'invalid' | 'unknown'; readonly why: string }

export type VerifyBundle = (bundle: unknown) => Promise<BundleVerdict>

export type Provenance =
  | { readonly state: 'verified'; readonly repository: string }
  | { readonly state: 'unknown' | 'forged'; readonly why: string }

export type Attested = { readonly name: string; readonly version: string; readonly integrity: string }

const attestations = z.object({
  attestations: z.array(z.object({ predicateType: z.string(), bundle: z.unknown() })).max(20),
})
const envelope = z.object({
  dsseEnvelope: z.object({ payload: z.string(), payloadType: z.literal('application/vnd.in-toto+json') }),
})
const statement = z.object({
  subject: z.array(z.object({ name: z.string(), digest: z.object({ sha512: z.string().optional() }) })).max(100),
  predicateType: z.string(),
  predicate: z.object({
    buildDefinition: z.object({
      externalParameters: z.object({
        workflow: z.object({
          repository: z
            .string()
            .max(500)
            .regex(/^https:\/\/[a-z.]+\/[^/\s]+(?:\/[^/\s]+)+$/u),
        }),
      }),
    }),
  }),
})

const slsa = 'https://slsa.dev/provenance/v1'
/** Services that sign what they built, and say in the certificate what for. */
const issuers = new Set(['https://token.actions.githubusercontent.com', 'https://gitlab.com'])

/**
 * Whether a package comes from the repository that its attestation names: signed by a build of that very repository, about
 * this name, this version and these bytes. A signature alone says only that somebody signed something.
 */
export async function checkProvenance(
  attested: Attested,
  answer: unknown,
  verify: VerifyBundle | undefined,
): Promise<Provenance> {
  const read = attestations.safeParse(answer)
  if (!read.success) return { state: 'unknown', why: 'the registry gives no attestation' }
  const found = read.data.attestations.find(({ predicateType }) => predicateType === slsa)
  if (found === undefined) return { state: 'unknown', why: 'the registry gives no attestation of the build' }
  if (verify === undefined) return { state: 'unknown', why: 'sigstore is not installed here: npm install sigstore' }
  const said = statementOf(found.bundle)
  if (said === undefined) return { state: 'forged', why: 'its attestation cannot be read' }
  const verdict = await verify(found.bundle)
  if (verdict.state !== 'valid')
    return verdict.state === 'unknown'
      ? { state: 'unknown', why: verdict.why }
      : { state: 'forged', why: `its attestation is not signed as it says: ${verdict.why}` }
  return judged(attested, said, verdict)
}

function judged(
  attested: Attested,
  said: z.infer<typeof statement>,
  { signer, issuer }: BundleVerdict & { state: 'valid' },
): Provenance {
  const { repository } = said.predicate.buildDefinition.externalParameters.workflow
  const isAbout = said.subject.some(
    ({ name, digest }) => name === purlOf(attested) && digest.sha512 === hexOf(attested.integrity),
  )
  if (said.predicateType !== slsa || !isAbout)
    return { state: 'forged', why: 'its attestation is about another archive' }
  // Anybody can have something signed: the signature must be one of the repository that is named.
  if (!issuers.has(issuer) || !signer.startsWith(`${repository}/`))
    return { state: 'forged', why: 'its attestation was signed by somebody other than the repository it names' }
  return { state: 'verified', repository }
}

function statementOf(bundle: unknown): z.infer<typeof statement> | undefined {
  const read = envelope.safeParse(bundle)
  if (!read.success) return undefined
  try {
    const value: unknown = JSON.parse(Buffer.from(read.data.dsseEnvelope.payload, 'base64').toString('utf8'))
    const said = statement.safeParse(value)
    return said.success ? said.data : undefined
  } catch {
    return undefined
  }
}

function purlOf({ name, version }: Attested): string {
  return `pkg:npm/${name.replace(/^@/u, '%40')}@${version}`
}

function hexOf(integrity: string): string | undefined {
  const [, base64] = /^sha512-([A-Za-z0-9+/]{86}==)$/u.exec(integrity) ?? []
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('hex')
}
