import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { Json } from '../core/json.ts'
import type { Permission } from './permission.ts'

/** A detached signature: beside the document, never in it, so that the document stays what a person wrote. */
export type PermissionSignature = {
  readonly algorithm: 'ed25519'
  /** SHA-256 of the public key in DER, hex: says which key, proves nothing. */
  readonly key: string
  /** Base64 of the signature over the canonical form. */
  readonly value: string
}

// Names what is signed, so that a signature over a permission can never pass for one over anything else.
const context = 'sallyport permission 1\n'

/** The bytes that are signed and hashed: keys sorted, defaults filled in, so that layout and comments do not matter. */
function canonicalPermission(permission: Permission): Buffer {
  return Buffer.from(context + canonical(JSON.parse(JSON.stringify(permission))))
}

/** Names one exact document, in records and pins. */
export function permissionDigest(permission: Permission): string {
  return createHash('sha256').update(canonicalPermission(permission)).digest('hex')
}

export function signPermission(permission: Permission, privateKey: KeyObject): PermissionSignature {
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError('permission documents are signed with Ed25519')
  const value = sign(null, canonicalPermission(permission), privateKey).toString('base64')
  return { algorithm: 'ed25519', key: keyName(createPublicKey(privateKey)), value }
}

export type Verification = { readonly ok: true; readonly key: string } | { readonly ok: false; readonly why: string }

/** Whether one of the trusted keys signed exactly this document. */
export function verifyPermission(
  permission: Permission,
  signature: PermissionSignature,
  trusted: readonly KeyObject[],
): Verification {
  if (signature.algorithm !== 'ed25519') return { ok: false, why: 'the algorithm is not ed25519' }
  const key = trusted.find(known => known.asymmetricKeyType === 'ed25519' && keyName(known) === signature.key)
  if (key === undefined) return { ok: false, why: `no trusted key is ${signature.key.slice(0, 16)}…` }
  const value = Buffer.from(signature.value, 'base64')
  // Base64 has many spellings of the same bytes; one is accepted, so that a signature can be compared as text.
  if (value.length !== 64 || value.toString('base64') !== signature.value)
    return { ok: false, why: 'the signature is not 64 bytes of base64' }
  if (!verify(null, canonicalPermission(permission), key, value))
    return { ok: false, why: 'the document is not the one that was signed' }
  return { ok: true, key: signature.key }
}

function keyName(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
}

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, item] as const]))
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}
