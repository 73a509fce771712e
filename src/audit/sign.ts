import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, type KeyObject, sign, verify } from 'node:crypto'
import { existsSync, linkSync, lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { AuditError, auditError } from './audit-error.ts'
import type { Head } from './chain.ts'

export type Signer = {
  /** Names the key: the first half of the digest of its public part. */
  readonly key: string
  readonly publicPem: string
  sign(head: Head): string
}

export type Verifier = { readonly key: string; verify(head: Head, signature: string): boolean }

/** The key that signs checkpoints; made on first use, readable by this user only, its public part beside it (`.pub`). */
export function signerOf(keyFile: string): Signer {
  try {
    if (!existsSync(keyFile)) makeKey(keyFile)
    const key = readKey(keyFile)
    const publicPem = pemOf(createPublicKey(key))
    return {
      key: keyName(createPublicKey(key)),
      publicPem,
      sign: head => sign(null, statement(head), key).toString('base64'),
    }
  } catch (cause) {
    if (cause instanceof AuditError) throw cause
    throw new AuditError(
      'AUDIT_KEY',
      `the audit key ${keyFile} cannot be used: ${auditError(cause, 'reading').message}`,
      cause,
    )
  }
}

/** Checks signatures with the public part alone. */
export function verifierOf(publicPem: string): Verifier {
  const key = createPublicKey(publicPem)
  if (key.asymmetricKeyType !== 'ed25519') throw new AuditError('AUDIT_KEY', 'the public key is not an Ed25519 key')
  return {
    key: keyName(key),
    verify: (head, signature) => verify(null, statement(head), key, Buffer.from(signature, 'base64')),
  }
}

/** What is signed: nothing else that this key could ever sign has this form. */
function statement(head: Head): Buffer {
  return Buffer.from(`sallyport audit checkpoint v1\n${head.chain}\n${head.sequence}\n${head.fingerprint}\n`)
}

function makeKey(keyFile: string): void {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const draft = `${keyFile}.${process.pid}.new`
  writeFileSync(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  try {
    // A link fails where the name exists: of two processes that start at once, one key wins and both use it.
    linkSync(draft, keyFile)
    writeFileSync(`${keyFile}.pub`, pemOf(publicKey), { mode: 0o644 })
  } catch (cause) {
    if (!existsSync(keyFile)) throw cause
  } finally {
    rmSync(draft, { force: true })
  }
}

function readKey(keyFile: string): KeyObject {
  const { mode, uid } = lstatSync(keyFile)
  if ((mode & 0o170000) !== 0o100000) throw new AuditError('AUDIT_KEY', `the audit key ${keyFile} is not a plain file`)
  const isOthers = process.getuid !== undefined && uid !== process.getuid() && process.getuid() !== 0
  if (isOthers || (process.platform !== 'win32' && (mode & 0o077) !== 0))
    throw new AuditError(
      'AUDIT_KEY',
      `others can read the audit key ${keyFile}: chmod 600 it, or delete it to make a new one`,
    )
  const key = createPrivateKey(readFileSync(keyFile))
  if (key.asymmetricKeyType !== 'ed25519') throw new AuditError('AUDIT_KEY', `${keyFile} is not an Ed25519 key`)
  return key
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString()
}

function keyName(key: KeyObject): string {
  return hash('sha256', key.export({ type: 'spki', format: 'der' }), 'hex').slice(0, 32)
}
