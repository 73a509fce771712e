import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Principal } from '../core/brand.ts'
import { makeFolder } from '../store/make-folder.ts'

export type TokenOwner = { readonly principal: Principal; readonly role: string }

/** Checks bearer tokens. Only digests are kept, and every one is compared in the same time, whether it fits or not. */
export type TokenCheck = (authorization: string | undefined) => TokenOwner | undefined

export type KnownToken = TokenOwner & { readonly sha256: Buffer }

export function tokenCheck(known: readonly KnownToken[]): TokenCheck {
  return authorization => {
    const token = /^Bearer ([\x21-\x7e]{16,4096})$/iu.exec(authorization ?? '')?.[1] ?? ''
    const given = digestOf(token)
    let owner: TokenOwner | undefined
    for (const { sha256, principal, role } of known) if (timingSafeEqual(given, sha256)) owner = { principal, role }
    return token === '' ? undefined : owner
  }
}

export function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}

/** The token of this machine's user, made on first use and kept readable for that user alone. */
export function localToken(path: string): string {
  if (existsSync(path)) {
    chmodSync(path, 0o600)
    const kept = readFileSync(path, 'utf8').trim()
    if (kept.length >= 32) return kept
  }
  const token = `spt_${randomBytes(32).toString('base64url')}`
  makeFolder(dirname(path))
  writeFileSync(path, `${token}\n`, { mode: 0o600 })
  return token
}
