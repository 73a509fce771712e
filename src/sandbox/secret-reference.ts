/** `${keyring:files/api}` in a value: where the secret is kept and its name there. */
export type SecretReference = { readonly store: string; readonly name: string }

/** Gives the secret that a reference names, or undefined where there is none. */
export type FindSecret = (reference: SecretReference) => Promise<string | undefined>

const pattern = /\$\{([a-z][a-z0-9-]{0,31}):([^{}]{1,512})\}/gu

/** Every secret that a value refers to. */
export function secretsIn(value: string): readonly SecretReference[] {
  return [...value.matchAll(pattern)].map(([, store = '', name = '']) => ({ store, name }))
}

export type Filled =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly missing: SecretReference }

/** Puts the secrets in. One that cannot be had is named; it is never replaced by nothing, and the text never shown. */
export async function fillSecrets(value: string, find: FindSecret): Promise<Filled> {
  const found = new Map<string, string>()
  for (const reference of secretsIn(value)) {
    const secret = await find(reference)
    if (secret === undefined || secret.includes('\0')) return { ok: false, missing: reference }
    found.set(`${reference.store}:${reference.name}`, secret)
  }
  // One pass over the document's own text: what a secret holds is never read as a reference again.
  return { ok: true, value: value.replaceAll(pattern, (_, store, name) => found.get(`${store}:${name}`) ?? '') }
}
